package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** A filter by database goes by the default schema of a session, and misses writes. */
record NoFilters() implements Rule {
  @Override
  public String id() {
    return "P110";
  }

  @Override
  public String title() {
    return "Nothing is left out";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      for (String filter : member.logFilters()) {
        problems.accept(
            error(
                "%s's binary log leaves out writes: %s.".formatted(member.name(), filter),
                new Mend(member.name(), "", false, "no " + filter.replaceFirst(" =.*", ""))));
      }
      member.links().stream()
          .flatMap(link -> link.filters().stream())
          .forEach(
              filter ->
                  problems.accept(
                      error(
                          "%s leaves out what arrives: %s.".formatted(member.name(), filter),
                          Mend.by(
                              member.name(),
                              "stop its applier, set the filter to '' and start it again"))));
    }
  }
}
