package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** The passive server must have nothing that the active one has not. */
record ErrantTransactions() implements Rule {
  @Override
  public String id() {
    return "P113";
  }

  @Override
  public String title() {
    return "No transaction on one server alone";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      if (!member.errant().isEmpty()) {
        problems.accept(
            error(
                "%s has transactions that the active server has not: %s."
                    .formatted(member.name(), member.errant()),
                Mend.by(
                    member.name(),
                    "find out what they are; write it on the active server, or rebuild this one")));
      }
    }
  }
}
