package dev.halcyon.pair.check;

import java.util.ArrayList;
import java.util.List;

/** All rules at once. Pure. */
public final class Preconditions {
  private Preconditions() {}

  /** Every problem, in the order of the rules. */
  public static List<Problem> of(PairFacts facts) {
    var problems = new ArrayList<Problem>();
    Rule.ALL.forEach(rule -> rule.look(facts, problems::add));
    return List.copyOf(problems);
  }
}
