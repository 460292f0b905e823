package dev.halcyon.pair.start;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.CatchUp;
import dev.halcyon.pair.Fence;
import dev.halcyon.pair.Pair;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes a pair of two fresh servers, or of one with data and an empty one: fences the empty one,
 * copies a snapshot, lets each follow the other. The one with data serves clients all the while;
 * their COMMITs wait for a moment when the snapshot begins. A run that died is taken up by the next
 * one: the copy is made anew, or only the links if it was complete. For one thread.
 */
public final class PairStart {
  private static final String LOCK = "halcyon_pair_init";
  private static final int LOCK_SECONDS = 5;

  /** So long COMMITs wait at most behind a statement that does not end; then another attempt. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

  private static final int LOCK_ATTEMPTS = 10;

  /** A lock whose holder is frozen is given up by the server. */
  private static final int IDLE_SECONDS = 5;

  private static final Duration COPY_LOCK_WAIT = Duration.ofSeconds(10);
  private static final Duration LINKS = Duration.ofSeconds(20);
  private static final Duration FIRST_ROWS = Duration.ofSeconds(10);

  private final Pair pair;
  private final Replication replication;
  private final Events events;

  private PairStart(Pair pair, Replication replication, Events events) {
    this.pair = pair;
    this.replication = replication;
    this.events = events;
  }

  /**
   * @param active the server that clients write to
   * @param rows that this run has copied
   * @param accounts that this run has made on the passive server
   * @param even whether the passive server has by now what the active one had
   */
  public record Result(String active, String passive, long rows, int accounts, boolean even) {}

  /**
   * @param user of replication; made on both servers if it is not there
   * @throws Refusal with everything that stands against it, before anything was changed; HAL-732 if
   *     both have data, or one of them follows somebody already; HAL-601 if another run is at work;
   *     HAL-721 if the servers do not reach each other
   */
  public static Result run(Pair pair, String user, String password, Events events) {
    return new PairStart(pair, new Replication(user, password), events).run();
  }

  /** Which server is to be what, and how far a run has come that died. */
  private record Roles(Side active, Side passive, Optional<Mark> mark) {}

  private record Copied(long rows, int accounts) {}

  private Result run() {
    var first = pair.first().server();
    var second = pair.second().server();
    try (var one = first.open("pair init");
        var other = second.open("pair init")) {
      var here = new Side(pair.first(), first, one);
      var there = new Side(pair.second(), second, other);
      for (Side side : List.of(here, there)) {
        lock(side);
        side.session().execute("SET SESSION sql_log_bin = 0");
        plain(side.session());
      }
      var roles = roles(here, there);
      var copied = roles.mark().filter(Mark::copied).isPresent() ? new Copied(0, 0) : copy(roles);
      link(roles);
      var even =
          CatchUp.reached(
              roles.passive().session(), CatchUp.position(roles.active().session()), FIRST_ROWS);
      return new Result(
          roles.active().toString(),
          roles.passive().toString(),
          copied.rows(),
          copied.accounts(),
          even);
    }
  }

  private static void lock(Side side) {
    var row =
        side.session()
            .first("SELECT GET_LOCK('" + LOCK + "', " + LOCK_SECONDS + ") AS got")
            .orElseThrow();
    if (row.isNull("got") || row.longValue("got") != 1) {
      throw ErrorCode.LEASE_HELD.refuse(
          "Another halcyon pair init works on " + side + ".", "Wait for it.");
    }
  }

  /** Values come and go as they are, in whatever mode and zone the server is. */
  static void plain(Session session) {
    session.execute(
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', SESSION time_zone = '+00:00',"
            + " SESSION collation_connection = 'utf8mb4_general_ci'");
  }

  private static Roles roles(Side first, Side second) {
    var onFirst = Mark.read(first.session());
    var onSecond = Mark.read(second.session());
    if (onFirst.isPresent() && onSecond.isPresent()) {
      throw ErrorCode.PAIR_EXISTS.refuse(
          "Both servers say that they are a half-made copy.",
          "DROP DATABASE " + Mark.SCHEMA + " on the one with the data.");
    }
    if (onFirst.isPresent()) {
      return resumed(second, first, onFirst.get());
    }
    if (onSecond.isPresent()) {
      return resumed(first, second, onSecond.get());
    }
    requireNoLinks(first);
    requireNoLinks(second);
    var inFirst = Contents.used(first.session());
    var inSecond = Contents.used(second.session());
    if (!inFirst.isEmpty() && !inSecond.isEmpty()) {
      throw ErrorCode.PAIR_EXISTS.refuse(
          "Both servers have data: %s has %s, %s has %s."
              .formatted(first, String.join(", ", inFirst), second, String.join(", ", inSecond)),
          "Empty the one that is to be the copy: DROP DATABASE each of these schemas there.");
    }
    return inFirst.isEmpty() && !inSecond.isEmpty()
        ? new Roles(second, first, Optional.empty())
        : new Roles(first, second, Optional.empty());
  }

  private static void requireNoLinks(Side side) {
    if (!Link.into(side.session()).isEmpty()) {
      throw ErrorCode.PAIR_EXISTS.refuse(
          side + " follows a server already.", "halcyon pair check says how the pair stands.");
    }
  }

  /** Nobody else may have written to the copy, since it is dropped. */
  private static Roles resumed(Side active, Side passive, Mark mark) {
    var name = Mark.name(active.session());
    var mend =
        "If nothing on " + passive + " is needed: DROP DATABASE its schemas and " + Mark.SCHEMA;
    if (!mark.active().equals(name)) {
      throw ErrorCode.PAIR_EXISTS.refuse(
          "%s is a half-made copy of %s, and %s is %s."
              .formatted(passive, mark.active(), active, name),
          mend + ".");
    }
    if (!mark.copied() && hasWritten(passive.session())) {
      throw ErrorCode.PAIR_EXISTS.refuse(
          passive + " is a half-made copy, but somebody has written to it since.", mend + ".");
    }
    return new Roles(active, passive, Optional.of(mark));
  }

  /** A copy is made without a log. */
  private static boolean hasWritten(Session session) {
    return session
        .first(
            switch (session.engine()) {
              case MARIADB -> "SELECT @@GLOBAL.gtid_binlog_pos <> '' AS written";
              case MYSQL ->
                  "SELECT LOCATE(@@GLOBAL.server_uuid, @@GLOBAL.gtid_executed) > 0 AS written";
            })
        .orElseThrow()
        .isTrue("written");
  }

  private Copied copy(Roles roles) {
    var source = roles.active().session();
    var target = roles.passive().session();
    Fitness.require(pair, roles.active(), roles.passive());
    requireNeverFollowed(roles.active());
    replication.makeAccount(source);
    var position = snapshot(roles.active());
    Fence.close(target);
    openForCopy(target);
    if (roles.mark().isPresent()) {
      Contents.drop(target, roles.passive().server().schema());
    }
    Replication.forget(target);
    var mark = new Mark(Mark.name(source), false);
    mark.write(target);
    replication.makeAccount(target);
    tell("copying " + roles.active() + " to " + roles.passive());
    long rows = rows(source, target);
    var accounts = new AccountCopy(source, target);
    int made = accounts.make();
    for (String schema : Contents.schemas(source)) {
      new ProgramCopy(source, target, schema).run();
    }
    accounts.grant();
    source.execute("COMMIT");
    Replication.standAt(target, position);
    new Mark(mark.active(), true).write(target);
    return new Copied(rows, made);
  }

  /** It would begin where the copy has no log. */
  private static void requireNeverFollowed(Side active) {
    if (active.session().engine() == Engine.MARIADB) {
      var position =
          active.session().first("SELECT @@GLOBAL.gtid_slave_pos").orElseThrow().stringOrNull(1);
      if (position != null && !position.isEmpty()) {
        throw ErrorCode.PAIR_EXISTS.refuse(
            "%s has followed a server before, up to %s.".formatted(active, position),
            "On "
                + active
                + ": SET GLOBAL gtid_strict_mode = OFF; SET GLOBAL gtid_slave_pos = ''; then as"
                + " gtid_strict_mode was.");
      }
    }
  }

  /** On MySQL super_read_only would stop the copy; read_only stays. */
  private static void openForCopy(Session target) {
    switch (target.engine()) {
      case MYSQL -> target.execute("SET GLOBAL super_read_only = 0");
      case MARIADB -> target.execute("SET SESSION check_constraint_checks = 0");
    }
    target.execute("SET SESSION foreign_key_checks = 0");
    target.setLockWait(COPY_LOCK_WAIT);
  }

  /**
   * The session sees from now on what the position says.
   *
   * @throws Fault.Transient if some statement on the server does not end
   */
  private static String snapshot(Side active) {
    var source = active.session();
    source.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    try (var lock = active.server().open("pair init lock")) {
      lock.setLockWait(LOCK_WAIT);
      lock.execute("SET SESSION wait_timeout = " + IDLE_SECONDS);
      lockTables(lock);
      var position = CatchUp.position(lock).text();
      source.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
      // Says that the lock was held until now: a session that was ended for idling would fail.
      lock.execute("UNLOCK TABLES");
      return position;
    }
  }

  private static void lockTables(Session lock) {
    for (int attempt = 1; ; attempt++) {
      try {
        lock.execute("FLUSH TABLES WITH READ LOCK");
        return;
      } catch (Fault.Transient busy) {
        if (attempt == LOCK_ATTEMPTS) {
          throw busy;
        }
        pause(lock);
      }
    }
  }

  private static void pause(Session session) {
    var _ = session.first("SELECT SLEEP(0.2)");
  }

  private long rows(Session source, Session target) {
    long rows = 0;
    for (String schema : Contents.schemas(source)) {
      rows += new SchemaCopy(source, target, schema).run();
      tell(schema + ": " + rows + " rows so far");
    }
    return rows;
  }

  private void link(Roles roles) {
    var active = roles.active();
    var passive = roles.passive();
    requireOwnLink(active, passive);
    // A server that has restarted since may have come back open.
    Fence.close(passive.session());
    openForCopy(passive.session());
    replication.follow(passive.session(), active);
    replication.follow(active.session(), passive);
    awaitLink(passive);
    awaitLink(active);
    Mark.remove(passive.session());
    Fence.close(passive.session());
  }

  /** What the active server follows by now may not be anybody's but ours. */
  private static void requireOwnLink(Side active, Side passive) {
    var access = passive.server().replicationAccess();
    var ours = access.host() + ":" + access.port();
    for (Link link : Link.into(active.session())) {
      if (!link.source().equals(ours)) {
        throw ErrorCode.PAIR_EXISTS.refuse(
            active + " follows " + link.source() + ".", "Let it follow nobody.");
      }
    }
  }

  private static void awaitLink(Side side) {
    long end = System.nanoTime() + LINKS.toNanos();
    var links = Link.into(side.session());
    while (!links.stream().allMatch(Link::running)) {
      var error = String.join("; ", links.stream().map(Link::error).toList());
      boolean stopped = links.stream().anyMatch(link -> !link.applying());
      if (System.nanoTime() >= end || (stopped && !error.isEmpty())) {
        throw ErrorCode.PAIR_NOT_READY.refuse(
            "%s is set up to follow %s and does not: %s"
                .formatted(
                    side,
                    String.join(", ", links.stream().map(Link::source).toList()),
                    error.isEmpty() ? "it does not get through." : error),
            "Mend that (the addresses of pair.servers and the account of pair.replication-user must"
                + " work from server to server), then type the same again.");
      }
      pause(side.session());
      links = Link.into(side.session());
    }
  }

  private void tell(String words) {
    events.on(new Event.Note(words));
  }
}
