package dev.halcyon.journal;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Takes the lease of a schema, or refuses.
 *
 * <p>GET_LOCK tells at once whether another run is alive, because the server lets go of it with the
 * connection. Where it tells nothing (Galera does not spread it; the holder works through another
 * server) the row's heartbeat decides: a holder that shows no sign of life until the lease expires
 * is dead. Either way the token is raised <em>first</em>, so that from then on the former holder
 * can neither write the journal nor register a connection; then the connections that it had
 * registered are killed and waited for, because a statement goes on in the server after its client
 * has died.
 */
final class LeaseAcquisition {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int BEATS_TO_WATCH = 3;
  private static final int KILL_DENIED = 1095;

  private final Session session;
  private final Holder holder;
  private final LeaseTimes times;
  private final Events events;
  private final ServerConnection self;
  private final String lockName;

  LeaseAcquisition(Session session, Holder holder, LeaseTimes times, Events events) {
    this.session = session;
    this.holder = holder;
    this.times = times;
    this.events = events;
    this.self = ServerConnection.of(session);
    this.lockName = lockName(session.schema());
  }

  /** Names of user locks are one space for the whole server, blind to case and at most 64 long. */
  static String lockName(String schema) {
    return "halcyon." + Hash.of(schema).substring(0, 40);
  }

  /** Whether this session now has the user lock. */
  static boolean lock(Session session, String lockName, Duration wait) {
    return session
        .first("SELECT GET_LOCK(?, ?) AS got", lockName, wait.toMillis() / 1000.0)
        .map(row -> !row.isNull("got") && row.isTrue("got"))
        .orElse(false);
  }

  /**
   * @return the new token
   * @throws Refusal HAL-601 when another run holds the lease
   */
  long take() {
    var locked = lock(session, lockName, Duration.ZERO);
    if (!locked) {
      // The holder may be between its lock and its row, or just leaving, or killed a moment ago:
      // the server takes a while to see that a connection is gone.
      locked = lock(session, lockName, times.heartbeat().multipliedBy(2));
    }
    var row = LeaseRow.read(session);
    if (row.held() && !(locked && lockTellsOf(row)) && believedAlive(row, locked)) {
      throw held(row);
    }
    if (!locked && !row.held()) {
      throw held(row);
    }
    var token = raise(row);
    end(row.connections(), token);
    if (!locked && !lock(session, lockName, times.heartbeat())) {
      throw held(LeaseRow.read(session));
    }
    settle(token);
    return token;
  }

  /**
   * With the lock taken by others a holder that beat lately is alive; an older one may sit on a
   * host that vanished without a word, or be stopped, and is watched. With the lock in hand it is
   * watched until the lease expires.
   */
  private boolean believedAlive(LeaseRow row, boolean locked) {
    if (locked) {
      return showsLife(row, times.expiry());
    }
    return row.age().compareTo(times.expiry()) <= 0 || showsLife(row, Duration.ZERO);
  }

  /**
   * Whether a free lock proves that the holder is dead. Not after a restart of the server: then it
   * may be about to come back.
   */
  private boolean lockTellsOf(LeaseRow row) {
    return !galera() && row.connections().stream().allMatch(c -> c.sameProcess(self));
  }

  private boolean galera() {
    return session
        .first("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'")
        .map(row -> row.string(2).equalsIgnoreCase("ON"))
        .orElse(false);
  }

  /** Watches the row until the holder beats or is older than this, and for a few beats at least. */
  private boolean showsLife(LeaseRow seen, Duration untilOlderThan) {
    var beats = times.heartbeat().multipliedBy(BEATS_TO_WATCH);
    var rest = untilOlderThan.minus(seen.age());
    var end = System.nanoTime() + (rest.compareTo(beats) > 0 ? rest : beats).toNanos();
    events.on(
        new Event.Waiting("", "lease", "for a sign of life of " + seen.holder() + " in the lease"));
    while (System.nanoTime() < end) {
      pause();
      if (LeaseRow.read(session).revision() != seen.revision()) {
        return true;
      }
    }
    return false;
  }

  private long raise(LeaseRow seen) {
    return session.inTransaction(
        () -> {
          var row = LeaseRow.readLocked(session);
          if (row.token() != seen.token()) {
            throw held(row);
          }
          var all = new LinkedHashSet<ServerConnection>(row.connections());
          all.add(self);
          session.update(
              """
              UPDATE halcyon_lease SET token = token + 1, held = 1, host = ?, process = ?,
                holder = ?, command = ?, connections = ?, acquired_at = UTC_TIMESTAMP(6),
                heartbeat_at = UTC_TIMESTAMP(6), revision = revision + 1 WHERE id = 1
              """,
              holder.host(),
              holder.process(),
              holder.user(),
              holder.command(),
              ServerConnection.print(all));
          return row.token() + 1;
        });
  }

  /** From here on the former holder's connections are known to be gone. */
  private void settle(long token) {
    session.update(
        "UPDATE halcyon_lease SET connections = ?, heartbeat_at = UTC_TIMESTAMP(6),"
            + " revision = revision + 1 WHERE id = 1 AND token = ?",
        ServerConnection.print(Set.of(self)),
        token);
  }

  private void end(Set<ServerConnection> connections, long token) {
    for (var connection : connections) {
      if (connection.sameProcess(self)) {
        end(connection, token);
      }
    }
  }

  private void end(ServerConnection connection, long token) {
    var end = System.nanoTime() + times.patience().toNanos();
    var told = false;
    while (kill(connection, token)) {
      if (!told) {
        told = true;
        var waiting = "for connection " + connection.id() + " of a dead run to end";
        events.on(new Event.Waiting("", "lease", waiting));
      }
      if (System.nanoTime() > end) {
        throw giveUp(
            connection, token, "has not ended " + times.patience().toSeconds() + " s after KILL");
      }
      pause();
      beat(token);
    }
  }

  private boolean kill(ServerConnection connection, long token) {
    try {
      return session.kill(connection.id());
    } catch (Fault.Refused refused) {
      if (refused.code() == KILL_DENIED) {
        throw giveUp(connection, token, "belongs to another account: " + refused.words());
      }
      throw refused;
    }
  }

  /** Lets go of the lease but keeps the connections in the row, for the next run to end. */
  private Refusal giveUp(ServerConnection connection, long token, String why) {
    session.update(
        "UPDATE halcyon_lease SET held = 0, revision = revision + 1 WHERE id = 1 AND token = ?",
        token);
    return ErrorCode.LEASE_HELD.refuse(
        "Connection %d of a run that died still works in the server: it %s."
            .formatted(connection.id(), why),
        "Wait for it to end (SHOW PROCESSLIST), then type the same command again.");
  }

  private void beat(long token) {
    session.update(
        "UPDATE halcyon_lease SET heartbeat_at = UTC_TIMESTAMP(6), revision = revision + 1"
            + " WHERE id = 1 AND token = ?",
        token);
  }

  private static Refusal held(LeaseRow row) {
    var who = row.held() ? row.words() : "by a run that is just beginning or ending";
    return ErrorCode.LEASE_HELD.refuse(
        "Another run holds the lease of this schema: " + who + ".",
        "Wait for it to end; \"halcyon status\" shows how far it is.");
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while taking the lease", interruption);
    }
  }
}
