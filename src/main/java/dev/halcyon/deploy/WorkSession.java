package dev.halcyon.deploy;

import dev.halcyon.journal.Lease;
import dev.halcyon.journal.ServerConnection;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.Sessions;
import dev.halcyon.progress.Event;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The session for schema statements. When its connection is lost, the next one is handed out only
 * when nothing of the lost one runs in the server any more: a schema statement goes on there, and
 * what the schema looks like before its end tells nothing. For one thread.
 */
final class WorkSession implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Lease lease;
  private final StopSignal stop;
  private final Consumer<Event> events;
  private @Nullable Session session;
  private @Nullable ServerConnection connection;
  private @Nullable ServerConnection lost;

  WorkSession(Lease lease, StopSignal stop, Consumer<Event> events) {
    this.lease = lease;
    this.stop = stop;
    this.events = events;
  }

  /** Runs what only reads, again on a new connection if need be. */
  <T> T read(Function<Session, T> question) {
    var end = System.nanoTime() + lease.times().patience().toNanos();
    while (true) {
      try {
        return question.apply(session());
      } catch (Fault.Broken | Fault.OutcomeUnknown fault) {
        if (System.nanoTime() > end) {
          throw gone(fault);
        }
        drop();
      }
    }
  }

  /**
   * The session, opened anew if it was lost.
   *
   * @throws Failure HAL-403 when the server does not come back in time, HAL-405 on request
   */
  Session session() {
    var end = System.nanoTime() + lease.times().patience().toNanos();
    var pause = FIRST_PAUSE;
    while (true) {
      try {
        var current = open();
        awaitEndOfLost(current);
        return current;
      } catch (Fault.Refused refused) {
        throw refused;
      } catch (Fault fault) {
        drop();
        if (System.nanoTime() > end) {
          throw gone(fault);
        }
        events.accept(new Event.Waiting("", "", "for the server: " + fault.detail()));
        pause = sleep(pause);
      }
    }
  }

  /** Opens sessions beside this one, which write nothing. */
  Sessions others() {
    return lease.server()::open;
  }

  /** The connection is gone, or cannot be trusted any more. */
  void drop() {
    var current = session;
    if (current != null) {
      if (lost == null) {
        lost = connection;
      }
      lease.close(current);
      session = null;
      connection = null;
    }
  }

  @Override
  public void close() {
    if (session != null) {
      lease.close(session);
      session = null;
    }
  }

  private Session open() {
    var current = session;
    if (current == null) {
      current = lease.open("work");
      session = current;
      connection = ServerConnection.of(current);
    }
    return current;
  }

  private void awaitEndOfLost(Session current) {
    var old = lost;
    if (old == null) {
      return;
    }
    var here = connection;
    if (here != null && here.sameProcess(old)) {
      var pause = FIRST_PAUSE;
      var told = false;
      while (running(current, old.id())) {
        if (!told) {
          told = true;
          events.accept(
              new Event.Waiting(
                  "", "", "for connection " + old.id() + ", lost at work, to end in the server"));
        }
        pause = sleep(pause);
      }
    }
    lost = null;
  }

  /** An idle one is ended, lest its statement arrives late. */
  private static boolean running(Session current, long id) {
    var found =
        current.first("SELECT command FROM information_schema.processlist WHERE id = ?", id);
    if (found.isEmpty()) {
      return false;
    }
    if (found.get().string(1).equals("Sleep")) {
      return current.kill(id);
    }
    return true;
  }

  private Duration sleep(Duration pause) {
    if (stop.requested()) {
      throw stopped();
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw stopped();
    }
    var longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  private static Failure stopped() {
    return new Failure(
        ErrorCode.STOPPED,
        "wait for the server",
        "stopped on request",
        "The last statement may still be at work in the server; the next run waits for its end.",
        "Type the same command again to go on.",
        null);
  }

  private Failure gone(Fault fault) {
    return new Failure(
        ErrorCode.CONNECTION_LOST,
        "reach " + lease.server().address(),
        "not back within " + lease.times().patience().toSeconds() + " s: " + fault.detail(),
        "What was done so far is in the journal.",
        "Type the same command again when the server is back.",
        fault);
  }
}
