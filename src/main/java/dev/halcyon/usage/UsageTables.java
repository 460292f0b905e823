package dev.halcyon.usage;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What was seen and when anybody was watching, kept in the schema, so that it outlives the server's
 * own record. Writing the same again changes nothing; several may write at once.
 */
public final class UsageTables {
  private static final String OPTIONS = ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
  private static final String ASCII = "CHARACTER SET ascii COLLATE ascii_bin NOT NULL";

  /** So long ago is not remembered: no gate and no question reaches further back. */
  private static final Duration MEMORY = Duration.ofDays(400);

  /** Different statements that are kept. */
  static final int MOST_STATEMENTS = 50_000;

  /** The source of the row that says until when nothing is known; no period is its. */
  private static final String FORGOTTEN = "forgotten";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  private static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS halcyon_usage_period (
            id BIGINT NOT NULL AUTO_INCREMENT,
            source VARCHAR(20) %s,
            instance VARCHAR(300) NOT NULL,
            watched_from DATETIME(6) NOT NULL,
            watched_to DATETIME(6) NOT NULL,
            counter BIGINT NOT NULL,
            PRIMARY KEY (id)
          """
              .formatted(ASCII),
          """
          CREATE TABLE IF NOT EXISTS halcyon_usage_statement (
            id CHAR(64) %s,
            source VARCHAR(20) %s,
            in_force VARCHAR(64) NOT NULL,
            user VARCHAR(100) NOT NULL,
            hosts VARCHAR(1000) NOT NULL,
            text MEDIUMTEXT NOT NULL,
            whole TINYINT NOT NULL,
            executions BIGINT NOT NULL,
            first_seen DATETIME(6) NOT NULL,
            last_seen DATETIME(6) NOT NULL,
            PRIMARY KEY (id),
            KEY last_seen (last_seen)
          """
              .formatted(ASCII, ASCII));

  private UsageTables() {}

  /** Creates what is missing. Repeating it does no harm. */
  static void create(Session session) {
    CREATE.forEach(statement -> session.execute(statement.strip() + "\n" + OPTIONS));
  }

  /** Whether anybody has begun to watch in this schema. */
  public static boolean exist(Session session) {
    return session
        .first(
            "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name IN ('halcyon_usage_period', 'halcyon_usage_statement')")
        .map(row -> row.longValue("n") == 2)
        .orElse(false);
  }

  /** The latest period of a source's instance, and its counter then. */
  record Latest(Period period, long counter) {}

  static Optional<Latest> latest(Session session, String source, String instance) {
    return session
        .first(
            "SELECT watched_from, watched_to, counter FROM halcyon_usage_period"
                + " WHERE source = ? AND instance = ? ORDER BY watched_to DESC, id DESC LIMIT 1",
            source,
            instance)
        .map(row -> new Latest(period(row), row.longValue("counter")));
  }

  static List<Period> periods(Session session) {
    return session
        .query(
            "SELECT watched_from, watched_to FROM halcyon_usage_period WHERE source <> ?",
            FORGOTTEN)
        .stream()
        .map(UsageTables::period)
        .toList();
  }

  /** A statement, and which source has seen it. */
  record Stored(String source, Seen seen) {}

  /** Those seen at or after a time, the latest first. */
  static List<Stored> seenSince(Session session, Instant since) {
    return session
        .query(
            "SELECT source, in_force, user, hosts, text, whole, executions, first_seen, last_seen"
                + " FROM halcyon_usage_statement WHERE last_seen >= ? ORDER BY last_seen DESC",
            text(since))
        .stream()
        .map(UsageTables::stored)
        .toList();
  }

  /** Keeps a look. */
  static void save(Session session, Look look) {
    session.inTransaction(
        () -> {
          look.periods().forEach(period -> save(session, look, period));
          // In one order, so that nobody waits for each other.
          look.seen().stream()
              .sorted(Comparator.comparing(seen -> id(look, seen)))
              .forEach(seen -> save(session, look, seen));
        });
  }

  /**
   * Removes what was seen too long ago, and what was seen longest ago when it is too much. Until
   * when that was is kept: nothing is known of that time any more, whatever a source tells of it
   * later.
   *
   * @param most statements that may stay, but for those seen at one moment
   */
  static void prune(Session session, Instant now, int most) {
    Instant old = now.minus(MEMORY);
    Instant until =
        session
            .first(
                "SELECT last_seen FROM halcyon_usage_statement ORDER BY last_seen DESC LIMIT 1"
                    + " OFFSET "
                    + most)
            .map(row -> instant(row.string("last_seen")))
            .filter(old::isBefore)
            .orElse(old);
    var time = text(until);
    boolean none =
        session
            .first("SELECT 1 FROM halcyon_usage_statement WHERE last_seen <= ? LIMIT 1", time)
            .isEmpty();
    if (none) {
      return;
    }
    session.inTransaction(
        () -> {
          session.update("DELETE FROM halcyon_usage_statement WHERE last_seen <= ?", time);
          session.update("DELETE FROM halcyon_usage_period WHERE watched_to <= ?", time);
          session.update(
              "INSERT INTO halcyon_usage_period (source, instance, watched_from, watched_to,"
                  + " counter) VALUES (?, '', ?, ?, 0)",
              FORGOTTEN,
              time,
              time);
        });
  }

  /** Until when it is not known what was seen, because it is too long ago or was too much. */
  static Instant forgotten(Session session, Instant now) {
    Instant old = now.minus(MEMORY);
    return session
        .first(
            "SELECT watched_to FROM halcyon_usage_period WHERE source = ?"
                + " ORDER BY watched_to DESC LIMIT 1",
            FORGOTTEN)
        .map(row -> instant(row.string("watched_to")))
        .filter(old::isBefore)
        .orElse(old);
  }

  private static void save(Session session, Look look, Period period) {
    var from = text(period.from());
    var to = text(period.to());
    session.update(
        "DELETE FROM halcyon_usage_period WHERE source = ? AND instance = ?"
            + " AND watched_from >= ? AND watched_to <= ?",
        look.source(),
        look.instance(),
        from,
        to);
    session.update(
        "INSERT INTO halcyon_usage_period (source, instance, watched_from, watched_to, counter)"
            + " VALUES (?, ?, ?, ?, ?)",
        look.source(),
        look.instance(),
        from,
        to,
        look.counter());
  }

  private static void save(Session session, Look look, Seen seen) {
    session.update(
        "INSERT INTO halcyon_usage_statement (id, source, in_force, user, hosts, text, whole,"
            + " executions, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON DUPLICATE KEY UPDATE hosts = VALUES(hosts),"
            + " executions = GREATEST(executions, VALUES(executions)),"
            + " first_seen = LEAST(first_seen, VALUES(first_seen)),"
            + " last_seen = GREATEST(last_seen, VALUES(last_seen))",
        id(look, seen),
        look.source(),
        seen.inForce(),
        seen.user(),
        seen.hosts(),
        seen.text(),
        seen.whole() ? 1 : 0,
        seen.count(),
        text(seen.first()),
        text(seen.last()));
  }

  private static String id(Look look, Seen seen) {
    var parts =
        List.of(
            look.source(),
            look.instance(),
            seen.inForce(),
            seen.user(),
            seen.whole() ? "1" : "0",
            seen.text());
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.string("source"),
        new Seen(
            row.string("text"),
            row.isTrue("whole"),
            row.string("in_force"),
            row.string("user"),
            row.string("hosts"),
            row.longValue("executions"),
            instant(row.string("first_seen")),
            instant(row.string("last_seen"))));
  }

  private static Period period(Row row) {
    return new Period(instant(row.string("watched_from")), instant(row.string("watched_to")));
  }

  private static Instant instant(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
  }

  private static String text(Instant instant) {
    return TIME.format(instant.atOffset(ZoneOffset.UTC));
  }
}
