package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** What a server has applied must be seen in its own log. */
record ReplicaUpdates() implements Rule {
  @Override
  public String id() {
    return "P106";
  }

  @Override
  public String title() {
    return "What arrives is logged, too";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      var variable = member.known("log_replica_updates", "log_slave_updates");
      if (!member.on(variable)) {
        problems.accept(
            error(
                "%s does not log what it applies: %s is off, so nobody can see what it has."
                    .formatted(member.name(), variable),
                member.configuration(variable, "ON")));
      }
    }
  }
}
