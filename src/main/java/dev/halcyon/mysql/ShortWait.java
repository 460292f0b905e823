package dev.halcyon.mysql;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the wait of another session's DDL for a lock after parts of a second, which the servers' own
 * lock wait cannot count. Looks once: a statement that is at work by then is left alone. Made
 * before the statement is sent, closed after its reply.
 */
final class ShortWait implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShortWait.class);
  private static final String WAITING = "Waiting for table metadata lock";

  private final Sessions sessions;
  private final Session watched;
  private final Duration wait;
  private final CountDownLatch replied = new CountDownLatch(1);
  private final Thread watcher;
  private volatile boolean cut;

  ShortWait(Sessions sessions, Session watched, Duration wait) {
    this.sessions = sessions;
    this.watched = watched;
    this.wait = wait;
    this.watcher = Thread.ofVirtual().name("short-wait").start(this::watch);
  }

  /** After {@link #close}: whether the statement was told to end. */
  boolean cut() {
    return cut;
  }

  private void watch() {
    try {
      if (!replied.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    Session session;
    try {
      session = sessions.open("short wait");
    } catch (Fault fault) {
      log.debug("nobody can look after the lock wait; the server's own bound holds", fault);
      return;
    }
    try {
      boolean waiting =
          session
              .first(
                  "SELECT state FROM information_schema.processlist WHERE id = ?",
                  watched.connectionId())
              .filter(row -> WAITING.equals(row.stringOrNull(1)))
              .isPresent();
      if (waiting && replied.getCount() > 0) {
        cut = true;
        session.execute("KILL QUERY " + watched.connectionId());
      }
    } catch (Fault fault) {
      log.debug("the lock wait could not be ended; the server's own bound holds", fault);
    } finally {
      sessions.close(session);
    }
  }

  /** Nothing of this reaches the watched session any more. */
  @Override
  public void close() {
    replied.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        watcher.join();
        break;
      } catch (InterruptedException interruption) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (cut) {
      absorb();
    }
  }

  /** A late KILL QUERY would hit the next statement; a lost session has none. */
  private void absorb() {
    try {
      watched.execute("DO 0");
    } catch (Fault fault) {
      log.debug("it came late", fault);
    }
  }
}
