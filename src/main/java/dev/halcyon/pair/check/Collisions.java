package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** As long as both take writes. */
record Collisions() implements Rule {
  @Override
  public String id() {
    return "P115";
  }

  @Override
  public String title() {
    return "Two writers do not give out the same numbers";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    if (facts.writable().size() < 2) {
      return;
    }
    var first = facts.first();
    var second = facts.second();
    boolean apart =
        first
                .variable("auto_increment_increment")
                .equals(second.variable("auto_increment_increment"))
            && !first.variable("auto_increment_increment").equals("1")
            && !first
                .variable("auto_increment_offset")
                .equals(second.variable("auto_increment_offset"));
    if (!apart) {
      problems.accept(
          error(
              "Both servers are writable and give out the same AUTO_INCREMENT numbers: the same key"
                  + " stands for two rows, and replication stops with error 1062.",
              new Mend(
                  second.name(),
                  "SET GLOBAL auto_increment_increment = 2, GLOBAL auto_increment_offset = 2",
                  false,
                  "auto_increment_increment = 2, auto_increment_offset = 2; on "
                      + first.name()
                      + " offset 1")));
    }
  }
}
