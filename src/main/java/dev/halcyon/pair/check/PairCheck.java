package dev.halcyon.pair.check;

import dev.halcyon.mysql.Session;
import dev.halcyon.pair.CatchUp;
import dev.halcyon.pair.Fence;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import dev.halcyon.pair.check.PairFacts.Lag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at both servers of a pair, and mends what does no harm. */
public final class PairCheck {
  /** Within what a member's session waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private PairCheck() {}

  /**
   * @param longestLag what a switchover allows
   * @throws dev.halcyon.model.Refusal if a server does not answer or does not let us in
   */
  public static PairFacts read(Pair pair, Duration longestLag) {
    try (var first = pair.first().open("check");
        var second = pair.second().open("check")) {
      boolean firstClosed = Fence.closed(first);
      boolean ordered = firstClosed != Fence.closed(second);
      var errant = "";
      Optional<Lag> lag = Optional.empty();
      if (ordered) {
        var active = firstClosed ? second : first;
        var passive = firstClosed ? first : second;
        errant = GtidSets.onlyIn(passive, active);
        lag = lag(active, passive);
      }
      return new PairFacts(
          new FactsReader(pair.first(), first).read(firstClosed ? errant : ""),
          new FactsReader(pair.second(), second).read(firstClosed ? "" : errant),
          lag,
          longestLag);
    }
  }

  /**
   * Runs what is harmless.
   *
   * @return what was run
   */
  public static List<Mend> fix(Pair pair, List<Problem> problems) {
    var statements = new TreeMap<String, List<Mend>>();
    for (Problem problem : problems) {
      if (problem.mend().harmless()) {
        statements
            .computeIfAbsent(problem.mend().member(), _ -> new ArrayList<>())
            .add(problem.mend());
      }
    }
    for (Map.Entry<String, List<Mend>> entry : statements.entrySet()) {
      Member member = pair.member(entry.getKey());
      try (var session = member.open("mend")) {
        entry.getValue().forEach(mend -> session.execute(mend.statement()));
      }
    }
    return statements.values().stream().flatMap(List::stream).toList();
  }

  /** How long it takes until the passive server has what the active one has now. */
  private static Optional<Lag> lag(Session active, Session passive) {
    var position = CatchUp.position(active);
    long transactions = GtidSets.missing(passive, active);
    long began = System.nanoTime();
    var reached = CatchUp.reached(passive, position, PATIENCE);
    var time = Duration.ofNanos(System.nanoTime() - began);
    return Optional.of(new Lag(transactions, reached ? time : PATIENCE));
  }
}
