package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** They bypass the proxy. */
record EnabledEvents() implements Rule {
  @Override
  public String id() {
    return "P118";
  }

  @Override
  public String title() {
    return "Events run on the active server only";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      if (!member.on("event_scheduler")) {
        continue;
      }
      for (String event : member.events()) {
        problems.accept(
            member.fenced()
                ? error(
                    "Event %s is enabled on %s, which is passive: it would write there."
                        .formatted(event, member.name()),
                    Mend.by(member.name(), "ALTER EVENT " + event + " DISABLE ON SLAVE"))
                : information(
                    "Event %s runs on %s past the proxy; a switchover moves it."
                        .formatted(event, member.name()),
                    Mend.NONE));
      }
      var other = facts.other(member);
      if (!member.fenced() && !member.events().isEmpty() && !other.on("event_scheduler")) {
        problems.accept(
            error(
                "Events run on %s, and the scheduler of %s is off: after a switchover they would not."
                    .formatted(member.name(), other.name()),
                other.setting("event_scheduler", "ON", false)));
      }
    }
  }
}
