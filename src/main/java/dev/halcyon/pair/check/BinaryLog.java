package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** Without a log there is nothing to replicate. */
record BinaryLog() implements Rule {
  @Override
  public String id() {
    return "P103";
  }

  @Override
  public String title() {
    return "The binary log is on";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      if (!member.on("log_bin")) {
        problems.accept(
            error(
                member.name() + " writes no binary log, so nothing of it can be replicated.",
                member.configuration("log_bin", "binlog")));
      }
    }
  }
}
