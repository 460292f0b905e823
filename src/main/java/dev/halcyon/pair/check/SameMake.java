package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** Replication goes both ways, so neither server may be the older one. */
record SameMake() implements Rule {
  @Override
  public String id() {
    return "P101";
  }

  @Override
  public String title() {
    return "Both servers of one make and series";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    var first = facts.first();
    var second = facts.second();
    if (first.engine() != second.engine()) {
      problems.accept(
          error(
              "%s is %s and %s is %s; they do not understand each other's log."
                  .formatted(
                      first.name(), first.engine().label(), second.name(), second.engine().label()),
              Mend.NONE));
    } else if (first.version().major() != second.version().major()
        || first.version().minor() != second.version().minor()) {
      problems.accept(
          warning(
              "%s is %s and %s is %s; an older server may not understand a newer one's log."
                  .formatted(first.name(), first.version(), second.name(), second.version()),
              Mend.NONE));
    }
  }
}
