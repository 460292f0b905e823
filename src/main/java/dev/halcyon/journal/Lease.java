package dev.halcyon.journal;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.FencedSessions;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change a schema: one run at a time. GET_LOCK on a session of its own, and the row of
 * {@code halcyon_lease} with a token that grows with every acquisition.
 *
 * <p>Every session that changes something is opened here, so that a successor knows which
 * connections to end before it looks at the schema. A run that has lost its lease learns it at its
 * next {@link #open}, {@link #fence} or {@link #check}.
 *
 * <p>Thread-safe. A daemon thread beats; {@link #close} ends it.
 */
public final class Lease implements FencedSessions, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  private final Server server;
  private final LeaseTimes times;
  private final String lockName;
  private final long token;
  private final Thread heart;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Guarded by this. */
  private final Set<ServerConnection> connections = new LinkedHashSet<>();

  /** Only the heart's thread uses it until that has ended. Null while there is no connection. */
  private @Nullable Session session;

  /** Whether {@link #session} has the user lock; the heart's thread only. */
  private boolean locked = true;

  private volatile @Nullable String lost;

  private Lease(Server server, LeaseTimes times, Session session, long token) {
    this.server = server;
    this.times = times;
    this.session = session;
    this.token = token;
    this.lockName = LeaseAcquisition.lockName(server.schema());
    this.connections.add(ServerConnection.of(session));
    this.heart = Thread.ofPlatform().daemon().name("halcyon-lease").unstarted(this::beat);
  }

  /**
   * Takes the lease.
   *
   * @throws Refusal HAL-601 when another run holds it, HAL-120 when the schema has no tables for it
   */
  public static Lease acquire(Server server, Holder holder, LeaseTimes times, Events events) {
    var session = server.open("lease");
    try {
      JournalTables.check(session);
      var token = new LeaseAcquisition(session, holder, times, events).take();
      var lease = new Lease(server, times, session, token);
      lease.heart.start();
      return lease;
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
  }

  public long token() {
    return token;
  }

  public LeaseTimes times() {
    return times;
  }

  public Server server() {
    return server;
  }

  /**
   * Opens a session for work under this lease; the caller closes it by {@link #close(Session)}.
   *
   * @throws Failure HAL-602 when the lease is lost
   * @throws Fault when there is no connection to be had
   */
  @Override
  public Session open(String purpose) {
    check();
    var opened = server.open(purpose);
    try {
      register(opened);
      return opened;
    } catch (RuntimeException | Error failure) {
      opened.close();
      throw failure;
    }
  }

  /** Closes a session that was opened here. */
  @Override
  public synchronized void close(Session opened) {
    connections.removeIf(c -> c.id() == opened.connectionId());
    opened.close();
  }

  /** {@inheritDoc} Heartbeats wait meanwhile. */
  @Override
  public void fence(Session inTransaction) {
    var held =
        inTransaction.first(
            "SELECT token FROM halcyon_lease WHERE id = 1 AND token = ? LOCK IN SHARE MODE", token);
    if (held.isEmpty()) {
      throw fenced("the lease has another token");
    }
  }

  /**
   * @throws Failure HAL-602 when it is known by now that the lease is lost
   */
  public void check() {
    var why = lost;
    if (why != null) {
      throw fenced(why);
    }
  }

  /** Gives the lease back. What was lost already stays with its new holder. */
  @Override
  public void close() {
    stopped.countDown();
    join();
    var last = session;
    if (last == null) {
      return;
    }
    try (last) {
      last.update(
          "UPDATE halcyon_lease SET held = 0, connections = '', revision = revision + 1"
              + " WHERE id = 1 AND token = ?",
          token);
      last.first("SELECT RELEASE_LOCK(?)", lockName);
    } catch (Fault fault) {
      // The server lets go of the lock with the connection, and a free lock ends the lease.
      log.warn("the lease was not given back in an orderly way: {}", fault.getMessage());
    }
  }

  private synchronized void register(Session opened) {
    var all = new LinkedHashSet<>(connections);
    all.add(ServerConnection.of(opened));
    var changed =
        opened.update(
            "UPDATE halcyon_lease SET connections = ?, revision = revision + 1"
                + " WHERE id = 1 AND token = ?",
            ServerConnection.print(all),
            token);
    if (changed == 0) {
      throw fenced("the lease has another token");
    }
    connections.addAll(all);
  }

  private void beat() {
    while (!awaitStop(times.heartbeat()) && lost == null) {
      try {
        beatOnce();
      } catch (Failure fenced) {
        lost = fenced.getMessage();
      } catch (Fault.Refused refused) {
        lost = "the lease cannot be kept: " + refused.detail();
      } catch (Fault fault) {
        log.debug("heartbeat failed, trying again: {}", fault.getMessage());
        drop(fault);
      }
    }
  }

  private void beatOnce() {
    var current = session;
    if (current == null) {
      current = server.open("lease");
      session = current;
      register(current);
      locked = false;
    }
    // The dying connection may still have the lock; until it lets go the token alone decides.
    locked = locked || LeaseAcquisition.lock(current, lockName, Duration.ZERO);
    var changed =
        current.update(
            "UPDATE halcyon_lease SET heartbeat_at = UTC_TIMESTAMP(6), revision = revision + 1"
                + " WHERE id = 1 AND token = ?",
            token);
    if (changed == 0) {
      lost = "another run has taken it over";
    }
  }

  /** A passing error (a lock wait) leaves the connection, and with it the lock, as it is. */
  private void drop(Fault fault) {
    var current = session;
    if (current != null && !(fault instanceof Fault.Transient)) {
      close(current);
      session = null;
    }
  }

  private boolean awaitStop(Duration time) {
    try {
      return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void join() {
    try {
      heart.join();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private static Failure fenced(String why) {
    return new Failure(
        ErrorCode.FENCED,
        "keep the lease",
        why,
        "This run has stopped; the other run goes on from the journal.",
        "halcyon status",
        null);
  }
}
