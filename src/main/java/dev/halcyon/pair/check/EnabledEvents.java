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
                : warning(
                    "Event %s runs on %s past the proxy; a switchover does not hold it."
                        .formatted(event, member.name()),
                    Mend.by(
                        member.name(), "SET GLOBAL event_scheduler = OFF before a switchover")));
      }
    }
  }
}
