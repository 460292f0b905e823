package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** What a trigger has written is in the log already. */
record TriggersOnRows() implements Rule {
  @Override
  public String id() {
    return "P112";
  }

  @Override
  public String title() {
    return "Triggers act once";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      var value = member.variable("slave_run_triggers_for_rbr");
      if (!value.isEmpty() && !value.equals("NO")) {
        problems.accept(
            error(
                "%s runs triggers for rows that arrive, whose effects arrive, too."
                    .formatted(member.name()),
                member.setting("slave_run_triggers_for_rbr", "NO", true)));
      }
    }
  }
}
