package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.model.ServerFacts;

/** What an open window touches is its own until it is closed. */
final class Conflicts {
  private Conflicts() {}

  static void refuse(Outline outline, Operation operation) {
    operation.touches().forEach(mine -> refuse(outline, mine, operation.place()));
  }

  /**
   * @param mine {@code table.column}, {@code table}, {@code table.trigger} or {@code view}
   */
  static void refuse(Outline outline, String mine, Place place) {
    for (ServerFacts.Window window : outline.facts().windows()) {
      if (window.version().equals(outline.version())) {
        continue;
      }
      for (String theirs : window.touches()) {
        if (overlap(mine, theirs)) {
          outline.refuse(
              ErrorCode.WINDOW_CONFLICT,
              place,
              "%s touches %s, which the open window of %s touches too (%s)"
                  .formatted(outline.version(), mine, window.version(), theirs),
              "halcyon contract %1$s, or halcyon rollback %1$s".formatted(window.version()));
        }
      }
    }
  }

  /** Equal, or one is the whole table of the other. */
  private static boolean overlap(String one, String other) {
    return one.equalsIgnoreCase(other) || within(one, other) || within(other, one);
  }

  private static boolean within(String part, String table) {
    return part.regionMatches(true, 0, table + ".", 0, table.length() + 1);
  }
}
