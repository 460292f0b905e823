package dev.halcyon.pair.check;

import dev.halcyon.mysql.Link;
import java.util.function.Consumer;

/** A switchover needs the one link, the way back the other. */
record RunningLinks() implements Rule {
  @Override
  public String id() {
    return "P109";
  }

  @Override
  public String title() {
    return "Each server follows the other one";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      link(member, facts.other(member), problems);
    }
  }

  private void link(MemberFacts member, MemberFacts source, Consumer<Problem> problems) {
    if (member.links().size() != 1) {
      problems.accept(
          error(
              "%s has %d replication links, not one."
                  .formatted(member.name(), member.links().size()),
              Mend.by(member.name(), "let it follow " + source.name() + ", and nobody else")));
      return;
    }
    Link link = member.links().getFirst();
    if (link.sourceId() != 0
        && !Long.toString(link.sourceId()).equals(source.variable("server_id"))) {
      problems.accept(
          error(
              "%s follows %s, which is not %s."
                  .formatted(member.name(), link.source(), source.name()),
              Mend.by(member.name(), "let it follow " + source.name())));
    } else if (!link.running()) {
      problems.accept(
          error(
              "%s does not %s: %s"
                  .formatted(
                      member.name(),
                      link.receiving() ? "apply what it receives" : "receive",
                      link.error().isEmpty() ? "it is stopped." : link.error()),
              Mend.by(member.name(), member.isMySql() ? "START REPLICA" : "START SLAVE")));
    } else if (link.delay() > 0) {
      problems.accept(
          error(
              "%s applies %d s late on purpose.".formatted(member.name(), link.delay()),
              Mend.by(
                  member.name(),
                  member.isMySql()
                      ? "STOP REPLICA SQL_THREAD; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 0;"
                          + " START REPLICA SQL_THREAD"
                      : "STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = 0; START SLAVE")));
    }
  }
}
