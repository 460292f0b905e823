package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** How far it is stands in the log of the server on which it has begun. */
record NoRebuild() implements Rule {
  @Override
  public String id() {
    return "P125";
  }

  @Override
  public String title() {
    return "No rebuild is under way";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      for (String table : member.rebuilds()) {
        problems.accept(
            error(
                "%s has a rebuild of %s that has not ended, or keeps its old table."
                    .formatted(member.name(), table),
                Mend.command("halcyon alter --abort " + table.substring(table.indexOf('.') + 1))));
      }
    }
  }
}
