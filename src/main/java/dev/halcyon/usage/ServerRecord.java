package dev.halcyon.usage;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import dev.halcyon.usage.Look.Missing;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The server's own record of statements, {@code performance_schema}. It tells neither users nor
 * what was prepared on the server's side, is emptied by a restart and by TRUNCATE, and lacks what
 * comes after it is full. Each of these is found out, and ends a period.
 */
final class ServerRecord {
  static final String SOURCE = "server";

  /** A name of 64 characters and what the server keeps beside it; what may have been cut off. */
  private static final int LONGEST_TOKEN = 4 * 64 + 4;

  /** MariaDB keeps whole seconds. */
  private static final Duration GRAIN = Duration.ofSeconds(1);

  private static final String ON =
      "performance_schema = ON in the server's configuration, then a restart; or watch with"
          + " halcyon proxy run and usage-sources = \"proxy\".";

  private final Session session;
  private final List<Missing> missing = new ArrayList<>();

  private ServerRecord(Session session) {
    this.session = session;
  }

  /** Reads it, and joins it to what the tables know of earlier looks, if there are tables. */
  static Look look(Session session, boolean tables) {
    boolean on =
        session.first("SELECT @@performance_schema AS is_on").orElseThrow().isTrue("is_on");
    if (!on) {
      return Look.nothing(
          SOURCE,
          new Missing("The server keeps no record of statements: performance_schema is off.", ON));
    }
    try {
      return new ServerRecord(session).read(tables);
    } catch (Fault.Refused refused) {
      if (isDenied(refused)) {
        return Look.nothing(
            SOURCE,
            new Missing(
                "The account may not read the server's record of statements: " + refused.words(),
                "Grant it SELECT ON performance_schema.*."));
      }
      throw refused;
    }
  }

  private static boolean isDenied(Fault.Refused refused) {
    return refused.code() == 1142 || refused.code() == 1044;
  }

  /**
   * The server's counters of rows.
   *
   * @param tables in lower case
   */
  static List<UsageReport.Traffic> traffic(Session session, String schema, Set<String> tables) {
    try {
      return session
          .query(
              "SELECT object_name AS name, count_read AS rows_read, count_write AS rows_written"
                  + " FROM performance_schema.table_io_waits_summary_by_table"
                  + " WHERE object_type = 'TABLE' AND object_schema = ? ORDER BY object_name",
              schema)
          .stream()
          .filter(row -> tables.contains(row.string("name").toLowerCase(Locale.ROOT)))
          .map(
              row ->
                  new UsageReport.Traffic(
                      row.string("name"),
                      row.longValue("rows_read"),
                      row.longValue("rows_written")))
          .toList();
    } catch (Fault.Refused refused) {
      if (isDenied(refused)) {
        return List.of(); // which the look has told already
      }
      throw refused;
    }
  }

  private Look read(boolean tables) {
    Instant now = now(session);
    long prepared = prepared();
    var rows =
        session.query(
            "SELECT schema_name AS place, digest AS digest, digest_text AS text,"
                + " count_star AS executions, UNIX_TIMESTAMP(first_seen) AS first_seen,"
                + " UNIX_TIMESTAMP(last_seen) AS last_seen"
                + " FROM performance_schema.events_statements_summary_by_digest");
    var callers = callers();
    int room = room();
    var seen = new ArrayList<Seen>();
    var lost = new ArrayList<Period>();
    Instant since = now;
    for (Row row : rows) {
      var first = instant(row, "first_seen");
      var last = instant(row, "last_seen").plus(grain());
      if (row.isNull("digest")) {
        lost.add(new Period(first, last.isBefore(first) ? first : last));
        missing.add(full(row));
      } else {
        // The coarse clock of MariaDB may show a time before the watch began.
        since = first.plus(grain()).isBefore(since) ? first.plus(grain()) : since;
        seen.add(seen(row, first, last, room, callers));
      }
    }
    // Emptied, or started anew, it counts from the beginning.
    String instance = server() + "/" + since.getEpochSecond();
    boolean watching = switchedOn() && hasRoom(rows);
    var periods =
        watching
            ? without(new Period(from(since, now, prepared, instance, tables), now), lost)
            : List.<Period>of();
    return new Look(SOURCE, instance, periods, missing, prepared, seen);
  }

  private boolean hasRoom(List<Row> rows) {
    if (rows.isEmpty()) {
      missing.add(
          new Missing(
              "The server's record of statements is empty.",
              "Raise performance_schema_digests_size."));
    }
    return !rows.isEmpty();
  }

  private static Missing full(Row row) {
    return new Missing(
        "The server's record of statements is full: it lacks "
            + row.string("executions")
            + " executions.",
        "Raise performance_schema_digests_size; or once TRUNCATE"
            + " performance_schema.events_statements_summary_by_digest, from when on it is watched"
            + " again.");
  }

  /** When the period began that lasts until now. */
  private Instant from(Instant since, Instant now, long prepared, String instance, boolean tables) {
    if (prepared == 0) {
      return since.isAfter(now) ? now : since;
    }
    // When they came is not known; between two looks that count the same, none did.
    var latest =
        tables
            ? UsageTables.latest(session, SOURCE, instance)
                .filter(known -> known.counter() == prepared)
            : Optional.<UsageTables.Latest>empty();
    missing.add(
        new Missing(
            prepared
                + " executions of statements that clients had prepared on the server are not in"
                + " its record.",
            "Let the clients prepare on their own side; or watch with halcyon proxy run and"
                + " usage-sources = \"proxy\"."));
    return latest.map(known -> known.period().from()).orElse(now);
  }

  private static List<Period> without(Period whole, List<Period> lost) {
    var left = new ArrayList<Period>();
    Instant from = whole.from();
    for (Period gap : lost) {
      if (gap.from().isAfter(from)) {
        left.add(new Period(from, gap.from().isAfter(whole.to()) ? whole.to() : gap.from()));
      }
      from = gap.to().isAfter(from) ? gap.to() : from;
    }
    if (!from.isAfter(whole.to())) {
      left.add(new Period(from, whole.to()));
    }
    return left;
  }

  /** Whether everything that has to be on for a statement to be recorded is. */
  private boolean switchedOn() {
    int before = missing.size();
    off(
        "SELECT name AS name FROM performance_schema.setup_consumers WHERE enabled = 'NO'"
            + " AND name IN ('global_instrumentation', 'thread_instrumentation',"
            + " 'statements_digest')",
        "UPDATE performance_schema.setup_consumers SET enabled = 'YES' WHERE name = '%s';");
    off(
        "SELECT name AS name FROM performance_schema.setup_instruments"
            + " WHERE name LIKE 'statement/sql/%' AND enabled = 'NO' LIMIT 1",
        "UPDATE performance_schema.setup_instruments SET enabled = 'YES' WHERE name LIKE"
            + " 'statement/%%';");
    off(
        "SELECT IF(SUM(user = '%' AND host = '%' AND enabled = 'YES') >= 1 AND SUM(enabled = 'NO')"
            + " = 0, NULL, 'setup_actors') AS name FROM performance_schema.setup_actors",
        "Let performance_schema.%s have all users and hosts.");
    off(
        "SELECT CONCAT('connection ', processlist_id) AS name FROM performance_schema.threads"
            + " WHERE type = 'FOREGROUND' AND processlist_id IS NOT NULL AND instrumented = 'NO'"
            + " LIMIT 1",
        "End the %s, which is not watched.");
    off(
        "SELECT 'performance_schema_max_thread_instances' AS name FROM"
            + " performance_schema.global_status WHERE variable_name ="
            + " 'Performance_schema_thread_instances_lost' AND variable_value > 0",
        "Raise %s.");
    return missing.size() == before;
  }

  private void off(String question, String remedy) {
    for (Row row : session.query(question)) {
      if (!row.isNull("name")) {
        var name = row.string("name");
        missing.add(
            new Missing(
                "The server's record of statements leaves out some of them: " + name + ".",
                remedy.formatted(name)));
      }
    }
  }

  /** How many bytes of a statement's tokens the server keeps. */
  private int room() {
    return Math.toIntExact(
        session
            .first("SELECT LEAST(@@max_digest_length, @@performance_schema_max_digest_length) AS n")
            .orElseThrow()
            .longValue("n"));
  }

  private Seen seen(Row row, Instant first, Instant last, int room, Map<String, String> callers) {
    var text = row.isNull("text") ? "" : row.string("text").strip();
    var caller = callers.getOrDefault(row.string("digest"), "");
    int at = caller.indexOf('@');
    return new Seen(
        text,
        !text.isEmpty() && bytes(text) + LONGEST_TOKEN <= room,
        row.isNull("place") ? "" : row.string("place"),
        at < 0 ? "" : caller.substring(0, at),
        at < 0 ? "" : caller.substring(at + 1),
        row.longValue("executions"),
        first,
        last.isBefore(first) ? first : last);
  }

  /** What the server keeps of the text, no less: a text that was cut does not say so. */
  private static int bytes(String text) {
    int bytes = 0;
    for (Token token : Tokens.of(text)) {
      bytes +=
          token.kind() == Token.Kind.NAME
              ? 4 + token.bare().getBytes(StandardCharsets.UTF_8).length
              : 2;
    }
    return bytes;
  }

  /** Of the latest statements of sessions that are still there; MariaDB does not keep them. */
  private Map<String, String> callers() {
    var callers = new HashMap<String, String>();
    for (Row row :
        session.query(
            "SELECT DISTINCT h.digest AS digest,"
                + " CONCAT(t.processlist_user, '@', t.processlist_host) AS caller"
                + " FROM performance_schema.events_statements_history h"
                + " JOIN performance_schema.threads t ON t.thread_id = h.thread_id"
                + " WHERE h.digest IS NOT NULL AND t.processlist_user IS NOT NULL"
                + " AND t.processlist_host IS NOT NULL")) {
      callers.put(row.string("digest"), row.string("caller"));
    }
    return callers;
  }

  /** Executions by the binary protocol, which the record by digests lacks on both engines. */
  private long prepared() {
    return session
        .first(
            "SELECT COALESCE(SUM(count_star), 0) AS n FROM"
                + " performance_schema.events_statements_summary_global_by_event_name"
                + " WHERE event_name IN ('statement/com/Execute', 'statement/com/Bulk_execute')")
        .map(row -> row.longValue("n"))
        .orElse(0L);
  }

  private String server() {
    return session
        .first("SELECT CONCAT(@@hostname, ':', @@port) AS server")
        .orElseThrow()
        .string("server");
  }

  static Instant now(Session session) {
    return instant(session.first("SELECT UNIX_TIMESTAMP(NOW(6)) AS now").orElseThrow(), "now");
  }

  private Duration grain() {
    return session.engine() == Engine.MARIADB ? GRAIN : Duration.ZERO;
  }

  private static Instant instant(Row row, String column) {
    BigDecimal seconds = row.number(column);
    return Instant.ofEpochSecond(
        seconds.longValue(), seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
  }
}
