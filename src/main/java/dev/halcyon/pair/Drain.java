package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.proxy.Hindrance;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.Traffic.SessionStatus;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Waits until no server works for any client any more. */
record Drain(Traffic traffic, PairSettings settings) {
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** What ends by itself, or is ended by waiting. */
  private static final Set<Hindrance> PASSING =
      EnumSet.of(
          Hindrance.COMMAND,
          Hindrance.TRANSACTION,
          Hindrance.UNCERTAIN_TRANSACTION,
          Hindrance.UNHELD);

  /**
   * Transactions are waited for, up to the longest one that is allowed. Who is bound to the server
   * otherwise is closed after the grace, if the policy says so.
   *
   * @throws Refusal HAL-707 with every session that stands against it
   */
  void await() throws InterruptedException {
    boolean drained = traffic.awaitDrained(settings.grace());
    long end = System.nanoTime() + settings.longestTransaction().toNanos();
    while (!drained) {
      List<SessionStatus> stragglers = traffic.status().stragglers();
      var lasting = stragglers.stream().filter(Drain::lasts).toList();
      if (!lasting.isEmpty() && lasting.stream().allMatch(Drain::isBound)) {
        drained = closed(lasting);
      } else if (System.nanoTime() > end) {
        throw refusal(stragglers);
      } else {
        drained = traffic.awaitDrained(LOOK);
      }
    }
  }

  private boolean closed(List<SessionStatus> bound) throws InterruptedException {
    return switch (settings.policy()) {
      case GIVE_UP -> throw refusal(bound);
      case CLOSE -> traffic.closeStragglers(CLOSING);
    };
  }

  /**
   * What was prepared is certain to succeed.
   *
   * @throws Refusal HAL-708 with every session that cannot be moved and may not be closed
   */
  void requireMovable(Moves moves) {
    if (!moves.complete() && settings.policy() == Immovable.GIVE_UP) {
      var findings =
          moves.exceptions().stream()
              .map(
                  move ->
                      finding(
                          ErrorCode.NOT_MOVED,
                          "session %d of %s at %s cannot be moved: %s"
                              .formatted(
                                  move.connectionId(), move.user(), move.client(), move.reason())))
              .toList();
      throw new Refusal(
          ExitStatus.FINDINGS,
          findings.isEmpty()
              ? List.of(
                  finding(ErrorCode.NOT_MOVED, "sessions cannot be moved: " + obstacle(moves)))
              : findings);
    }
  }

  private static String obstacle(Moves moves) {
    return moves.obstacle().isEmpty() ? "they were not ready in time" : moves.obstacle();
  }

  private static boolean isBound(SessionStatus session) {
    return !PASSING.containsAll(session.boundary().hindrances());
  }

  /** Others have a command under way, and may have begun it while the hold gathers. */
  private static boolean lasts(SessionStatus session) {
    return !session.boundary().hindrances().equals(Set.of(Hindrance.COMMAND));
  }

  private static Refusal refusal(List<SessionStatus> stragglers) {
    return new Refusal(
        ExitStatus.FINDINGS,
        stragglers.isEmpty()
            ? List.of(finding(ErrorCode.NOT_DRAINED, "sessions were logging in all the time"))
            : stragglers.stream()
                .map(
                    session ->
                        finding(
                            ErrorCode.NOT_DRAINED,
                            "session %d of %s at %s is not at a boundary: %s"
                                .formatted(
                                    session.connectionId(),
                                    session.user(),
                                    session.client(),
                                    words(session))))
                .toList());
  }

  private static String words(SessionStatus session) {
    return session.boundary().hindrances().stream()
        .map(Hindrance::words)
        .sorted()
        .collect(Collectors.joining("; "));
  }

  private static Finding finding(ErrorCode code, String message) {
    return Finding.error(
        code.code(), null, message, "Wait for its end, or let it be closed: policy close-idle.");
  }
}
