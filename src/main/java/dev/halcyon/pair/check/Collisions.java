package dev.halcyon.pair.check;

import java.math.BigInteger;
import java.util.function.Consumer;

/** As long as both take writes. */
record Collisions() implements Rule {
  private static final String INCREMENT = "auto_increment_increment";
  private static final String OFFSET = "auto_increment_offset";

  @Override
  public String id() {
    return "P115";
  }

  @Override
  public String title() {
    return "Two writers do not give out the same numbers";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    if (facts.writable().size() == 2 && !apart(facts)) {
      tell(facts, "Both servers are writable and give", problems);
    }
  }

  /** The same before a second server is opened. */
  void lookAhead(PairFacts facts, Consumer<Problem> problems) {
    if (!apart(facts)) {
      tell(facts, "Once both servers are writable they will give", problems);
    }
  }

  private void tell(PairFacts facts, String subject, Consumer<Problem> problems) {
    mend(facts.first(), 1, subject, problems);
    mend(facts.second(), 2, subject, problems);
  }

  private void mend(MemberFacts member, int place, String subject, Consumer<Problem> problems) {
    var offset = Integer.toString(place);
    if (member.variable(INCREMENT).equals("2") && member.variable(OFFSET).equals(offset)) {
      return;
    }
    var scope = member.isMySql() ? "PERSIST" : "GLOBAL";
    problems.accept(
        error(
            "%s out the same AUTO_INCREMENT numbers (%s counts from %s in steps of %s): one key stands for two rows, and replication stops with error 1062. New numbers hold for new connections."
                .formatted(
                    subject, member.name(), member.variable(OFFSET), member.variable(INCREMENT)),
            new Mend(
                member.name(),
                "SET %1$s %2$s = 2, %1$s %3$s = %4$s".formatted(scope, INCREMENT, OFFSET, offset),
                false,
                member.isMySql() ? "" : "%s = 2, %s = %s".formatted(INCREMENT, OFFSET, offset))));
  }

  /** Two sequences never meet if their starts differ by no multiple of what their steps share. */
  private static boolean apart(PairFacts facts) {
    var first = facts.first();
    var second = facts.second();
    var steps = step(first).gcd(step(second));
    return start(first).subtract(start(second)).mod(steps).signum() != 0;
  }

  private static BigInteger step(MemberFacts member) {
    return number(member, INCREMENT);
  }

  /** An offset beyond the step is not heeded. */
  private static BigInteger start(MemberFacts member) {
    var offset = number(member, OFFSET);
    return offset.compareTo(step(member)) > 0 ? BigInteger.ONE : offset;
  }

  private static BigInteger number(MemberFacts member, String variable) {
    var text = member.variable(variable);
    return text.isEmpty() ? BigInteger.ONE : new BigInteger(text);
  }
}
