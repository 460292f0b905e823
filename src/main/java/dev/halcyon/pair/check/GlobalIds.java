package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** By them a server says which transactions it has. */
record GlobalIds() implements Rule {
  @Override
  public String id() {
    return "P108";
  }

  @Override
  public String title() {
    return "Global transaction ids";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      if (member.isMySql() && !member.variable("gtid_mode").equals("ON")) {
        problems.accept(
            warning(
                "%s has gtid_mode = %s: whether both have the same transactions cannot be seen."
                    .formatted(member.name(), member.variable("gtid_mode")),
                Mend.by(
                    member.name(),
                    "SET PERSIST gtid_mode, in the four steps of the manual, on both servers")));
      } else if (member.links().stream().anyMatch(link -> !link.gtid())) {
        problems.accept(
            warning(
                member.name() + " follows by file and position, not by global transaction ids.",
                Mend.by(member.name(), follow(member))));
      }
    }
  }

  private static String follow(MemberFacts member) {
    return member.isMySql()
        ? "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 1; START REPLICA"
        : "STOP SLAVE; CHANGE MASTER TO MASTER_USE_GTID = slave_pos; START SLAVE";
  }
}
