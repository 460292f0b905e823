package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** After a crash a server must have what it has sent. */
record DurableLog() implements Rule {
  @Override
  public String id() {
    return "P107";
  }

  @Override
  public String title() {
    return "Commits survive the end of power";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      durable(member, "sync_binlog", problems);
      durable(member, "innodb_flush_log_at_trx_commit", problems);
    }
  }

  private void durable(MemberFacts member, String variable, Consumer<Problem> problems) {
    if (!member.variable(variable).equals("1")) {
      problems.accept(
          warning(
              "%s has %s = %s: after a crash it may lack what the other server has."
                  .formatted(member.name(), variable, member.variable(variable)),
              member.setting(variable, "1", true)));
    }
  }
}
