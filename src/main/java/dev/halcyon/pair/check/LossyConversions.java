package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** With it, differences of types that would stop replication corrupt instead. */
record LossyConversions() implements Rule {
  @Override
  public String id() {
    return "P111";
  }

  @Override
  public String title() {
    return "No conversion with loss";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      var variable = member.known("replica_type_conversions", "slave_type_conversions");
      if (member.variable(variable).contains("ALL_LOSSY")) {
        problems.accept(
            error(
                "%s cuts values that do not fit, without an error: %s = %s."
                    .formatted(member.name(), variable, member.variable(variable)),
                member.setting(variable, "", true)));
      }
    }
  }
}
