package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** Two that take writes diverge sooner or later; none is an outage. */
record OneWriter() implements Rule {
  @Override
  public String id() {
    return "P114";
  }

  @Override
  public String title() {
    return "Exactly one server is writable";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    var writable = facts.writable();
    if (writable.size() == 2) {
      problems.accept(
          error(
              "Both servers are writable: the pair is master-master. " + writers(facts),
              Mend.command("halcyon pair funnel " + target(facts))));
    } else if (writable.isEmpty()) {
      problems.accept(
          error(
              "Neither server is writable.",
              Mend.by("the server that has every transaction", "SET GLOBAL read_only = OFF")));
    }
    for (MemberFacts member : facts.members()) {
      if (member.fenced() && member.isMySql() && !member.on("super_read_only")) {
        problems.accept(
            warning(
                member.name() + " is read-only, but not for accounts with SUPER.",
                Mend.by(member.name(), "SET GLOBAL super_read_only = ON")));
      }
    }
  }

  private static String writers(PairFacts facts) {
    var writing = facts.writing();
    return switch (writing.size()) {
      case 0 -> "Nobody wrote to either within a second.";
      case 1 -> "Within a second only " + writing.getFirst() + " was written to.";
      default -> "Within a second both were written to.";
    };
  }

  /** Whoever is written to keeps its clients. */
  private static String target(PairFacts facts) {
    return facts.writing().size() == 1 ? facts.writing().getFirst() : facts.first().name();
  }
}
