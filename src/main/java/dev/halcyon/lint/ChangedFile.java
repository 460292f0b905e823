package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.model.Version;
import java.util.stream.Stream;

/** A change file that others may have applied already has another text, or comes too late. */
record ChangedFile() implements Rule {
  @Override
  public String id() {
    return "H603";
  }

  @Override
  public String title() {
    return "A change file that was changed, or comes out of order";
  }

  @Override
  public void change(ChangeLook look) {
    Version version = look.version();
    if (version == null) {
      return;
    }
    Stream.concat(Stream.of(look.file()), look.statements().map(s -> s.place().file()))
        .distinct()
        .forEach(file -> check(look, version, file));
  }

  private void check(ChangeLook look, Version version, String file) {
    Place top = new Place(file, 1, 1);
    if (look.history().changed().contains(file)) {
      look.error(
          this,
          top,
          "The text of "
              + version
              + " has changed since; where it was applied, Halcyon refuses it"
              + " with HAL-222.",
          "Take the old text back and put the rest into a change of its own.");
    }
    Version highest = look.history().highest();
    if (look.history().added().contains(file)
        && highest != null
        && version.compareTo(highest) < 0) {
      look.error(
          this,
          top,
          version
              + " comes behind "
              + highest
              + ", which is there already: where that one was"
              + " applied, Halcyon refuses this one with HAL-223.",
          "Give it a version above " + highest + ".");
    }
  }
}
