package dev.halcyon.pair.check;

import dev.halcyon.mysql.Session;
import dev.halcyon.pair.CatchUp;
import dev.halcyon.pair.Fence;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.OwnTransactions;
import dev.halcyon.pair.Pair;
import dev.halcyon.pair.check.PairFacts.Lag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Looks at both servers of a pair, and mends what does no harm. */
public final class PairCheck {
  /** Within what a member's session waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration WATCHED = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(50);

  private PairCheck() {}

  /**
   * Without a watch over who writes, and without rows.
   *
   * @param longestLag what a switchover allows
   * @throws dev.halcyon.model.Refusal if a server does not answer or does not let us in
   */
  public static PairFacts read(Pair pair, Duration longestLag) {
    return read(pair, longestLag, false, false);
  }

  /**
   * @param longestLag what a switchover allows
   * @param rows whether all rows are compared, which takes as long as reading them
   * @throws dev.halcyon.model.Refusal if a server does not answer or does not let us in
   */
  public static PairFacts readAll(Pair pair, Duration longestLag, boolean rows) {
    return read(pair, longestLag, true, rows);
  }

  private static PairFacts read(Pair pair, Duration longestLag, boolean watched, boolean rows) {
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
      var writing =
          firstClosed || ordered || !watched ? List.<String>of() : writing(pair, first, second);
      return new PairFacts(
          new FactsReader(pair.first(), first).read(firstClosed ? errant : ""),
          new FactsReader(pair.second(), second).read(firstClosed ? "" : errant),
          lag,
          longestLag,
          writing,
          rows ? Optional.of(RowLook.of(pair)) : Optional.empty());
    }
  }

  /** Which of two writable servers are written to. */
  private static List<String> writing(Pair pair, Session first, Session second) {
    long end = System.nanoTime() + WATCHED.toNanos();
    var before = List.of(OwnTransactions.of(first), OwnTransactions.of(second));
    var names = List.of(pair.first().name(), pair.second().name());
    var writing = new TreeSet<String>();
    do {
      var now = List.of(OwnTransactions.of(first), OwnTransactions.of(second));
      IntStream.range(0, names.size())
          .filter(i -> !now.get(i).equals(before.get(i)))
          .forEach(i -> writing.add(names.get(i)));
      LockSupport.parkNanos(LOOK.toNanos());
    } while (writing.size() < names.size() && System.nanoTime() < end);
    return List.copyOf(writing);
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
