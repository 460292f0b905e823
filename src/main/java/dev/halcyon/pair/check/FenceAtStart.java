package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** Whoever comes back after a crash must not be the second writer. */
record FenceAtStart() implements Rule {
  @Override
  public String id() {
    return "P121";
  }

  @Override
  public String title() {
    return "A server that restarts is fenced";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      var mend =
          member.isMySql()
              ? Mend.by(member.name(), "SET PERSIST_ONLY super_read_only = ON")
              : new Mend(member.name(), "", false, "read_only = ON");
      var message =
          "if %s restarts, applications may write to it at once.".formatted(member.name());
      switch (member.atStart()) {
        case FENCED -> {}
        case OPEN -> problems.accept(warning("I" + message.substring(1), mend));
        case UNKNOWN -> problems.accept(information("Perhaps " + message, mend));
      }
    }
  }
}
