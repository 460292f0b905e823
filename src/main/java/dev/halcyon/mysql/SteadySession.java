package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session that can be opened again when its connection is lost. What the lost one had begun is
 * ended on the server first, so that it holds no locks and does nothing any more; only a COMMIT
 * that had reached the server may still come through. For one thread.
 */
public final class SteadySession implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** Clocks of whole seconds; no server starts again this fast. */
  private static final long START_TOLERANCE_SECONDS = 1;

  private final Sessions sessions;
  private final String purpose;
  private final Consumer<Session> prepare;
  private final Duration patience;
  private final BooleanSupplier stopped;
  private Session session;
  private long serverStarted;

  /** Lost connections that the server may not have noticed yet. */
  private final List<Long> toEnd = new ArrayList<>();

  /**
   * @param prepare sets the session's variables, again after every reconnect
   * @param patience how long the server may stay away
   */
  public SteadySession(
      Sessions sessions,
      String purpose,
      Consumer<Session> prepare,
      Duration patience,
      BooleanSupplier stopped) {
    this.sessions = sessions;
    this.purpose = purpose;
    this.prepare = prepare;
    this.patience = patience;
    this.stopped = stopped;
    this.session = connect(null);
  }

  public Session session() {
    return session;
  }

  /**
   * Opens the session again.
   *
   * @param lost the fault that told of the loss; an {@link Fault.OutcomeUnknown} is for the caller
   *     to clear up afterwards
   * @throws Failure HAL-403 when the server stays away for too long
   */
  public void reopen(Fault lost) {
    var end = System.nanoTime() + patience.toNanos();
    var cause = lost;
    while (true) {
      var started = serverStarted;
      toEnd.add(session.connectionId());
      sessions.close(session);
      session = connect(cause);
      if (Math.abs(serverStarted - started) > START_TOLERANCE_SECONDS) {
        toEnd.clear(); // their numbers now belong to others
      }
      try {
        while (!toEnd.isEmpty()) {
          var _ = session.kill(toEnd.getFirst());
          toEnd.removeFirst();
        }
        return;
      } catch (Fault.Broken | Fault.OutcomeUnknown lostAgain) {
        if (System.nanoTime() > end) {
          throw gone(lost, lostAgain);
        }
        cause = lostAgain;
      }
    }
  }

  @Override
  public void close() {
    sessions.close(session);
  }

  private Session connect(@Nullable Fault lost) {
    var backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    while (true) {
      try {
        return open();
      } catch (Fault.Refused refused) {
        if (lost != null) {
          refused.addSuppressed(lost);
        }
        throw refused;
      } catch (Fault fault) {
        var pause = backoff.next(patience);
        if (pause.isZero() || stopped.getAsBoolean()) {
          throw gone(lost == null ? fault : lost, fault);
        }
        Backoff.pause(pause, purpose);
      }
    }
  }

  private Session open() {
    var opened = sessions.open(purpose);
    try {
      serverStarted =
          opened
              .first("SHOW GLOBAL STATUS LIKE 'Uptime'")
              .map(uptime -> now(opened) - uptime.longValue(2))
              .orElse(0L);
      prepare.accept(opened);
      return opened;
    } catch (RuntimeException | Error failure) {
      sessions.close(opened);
      throw failure;
    }
  }

  private static long now(Session session) {
    return session.query("SELECT UNIX_TIMESTAMP()").getFirst().longValue(1);
  }

  private Failure gone(Fault lost, Fault last) {
    var failure =
        new Failure(
            ErrorCode.CONNECTION_LOST,
            purpose,
            "the server did not come back within " + patience.toSeconds() + " s: " + lost.detail(),
            "What was committed stays; what was not is rolled back.",
            "Type the same command again when the server is back.",
            last);
    if (lost != last) {
      failure.addSuppressed(lost);
    }
    return failure;
  }
}
