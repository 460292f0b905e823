package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session that comes back after the server went away. Work that had no effect ({@link
 * Fault.Broken}, {@link Fault.Transient}) is repeated within a time; {@link Fault.OutcomeUnknown}
 * goes to the caller at once, who looks at the server by a further {@link #call}.
 *
 * <p>What a session has (transactions, locks, variables) is lost with it: set variables in {@code
 * prepare}, and let one call be one transaction. For one thread.
 */
public final class Reconnecting implements AutoCloseable {
  /** How long a server may be away. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Server server;
  private final String purpose;
  private final Duration patience;
  private final Consumer<Session> prepare;
  private final Consumer<String> waiting;
  private @Nullable Session session;

  /**
   * @param patience how long to try again, from the first fault of a call
   * @param prepare runs on each new session before it is used
   * @param waiting hears why there is a wait
   */
  public Reconnecting(
      Server server,
      String purpose,
      Duration patience,
      Consumer<Session> prepare,
      Consumer<String> waiting) {
    this.server = server;
    this.purpose = purpose;
    this.patience = patience;
    this.prepare = prepare;
    this.waiting = waiting;
  }

  /** Waits of a step become its events. */
  public static Consumer<String> waits(Events events, String version, String step) {
    return reason -> events.on(new Event.Waiting(version, step, reason));
  }

  /**
   * Runs work that has no effect when it throws {@link Fault.Broken} or {@link Fault.Transient}: a
   * statement, a transaction, or reading.
   *
   * @throws Failure HAL-403 if the server does not come back in time, HAL-405 if interrupted
   * @throws Fault.Transient the last one, if it does not pass in time
   * @throws Fault.Refused at once
   * @throws Fault.OutcomeUnknown at once; the next call opens a new session
   */
  public <T> T call(Function<Session, T> work) {
    @Nullable Backoff backoff = null;
    var faults = 0;
    while (true) {
      Fault fault;
      try {
        return work.apply(session());
      } catch (Fault.Broken broken) {
        drop();
        fault = broken;
      } catch (Fault.Transient passing) {
        fault = passing;
      } catch (Fault.OutcomeUnknown unknown) {
        drop();
        throw unknown;
      }
      faults++;
      if (backoff == null) {
        backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
      }
      var pause = backoff.next(patience);
      if (pause.isZero()) {
        throw spent(fault, faults, backoff.elapsed());
      }
      waiting.accept(
          "%s: %s; trying again for %d s more"
              .formatted(
                  server.address(), fault.detail(), patience.minus(backoff.elapsed()).toSeconds()));
      Backoff.pause(pause, "reach " + server.address());
    }
  }

  /** As {@link #call}, without a result. */
  public void run(Consumer<Session> work) {
    var _ =
        call(
            live -> {
              work.accept(live);
              return true;
            });
  }

  /** Closes the session, if there is one. */
  @Override
  public void close() {
    drop();
  }

  private Session session() {
    var live = session;
    if (live == null) {
      live = server.open(purpose);
      try {
        prepare.accept(live);
      } catch (RuntimeException failure) {
        live.close();
        throw failure;
      }
      session = live;
    }
    return live;
  }

  private void drop() {
    var dead = session;
    session = null;
    if (dead != null) {
      dead.close();
    }
  }

  private RuntimeException spent(Fault fault, int attempts, Duration elapsed) {
    return switch (fault) {
      case Fault.Transient passing -> passing;
      case Fault.Broken broken ->
          new Failure(
              ErrorCode.CONNECTION_LOST,
              "reach " + server.address(),
              "%d attempts in %d s; the last: %s"
                  .formatted(attempts, elapsed.toSeconds(), broken.detail()),
              "What was done so far stands in the journal.",
              "Run the same command again when the server is back.",
              broken);
      case Fault.Refused refused -> refused;
      case Fault.OutcomeUnknown unknown -> unknown;
    };
  }
}
