package dev.halcyon.pair;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.OpenRebuilds;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What is under way on the active server that would make clients wait, or could not be moved. */
final class Hindrances {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int SHOWN = 120;
  private static final int LOOKS = 3;

  private static final String TRANSACTIONS =
      """
      SELECT p.id, p.user, p.host, p.info, p.command,
             TIMESTAMPDIFF(SECOND, x.trx_started, NOW()) AS seconds
        FROM information_schema.innodb_trx x
        JOIN information_schema.processlist p ON p.id = x.trx_mysql_thread_id
       WHERE p.id <> CONNECTION_ID() AND x.trx_started < NOW() - INTERVAL ? SECOND
       ORDER BY x.trx_started
      """;

  private static final String SCHEMA_STATEMENTS =
      """
      SELECT id, user, host, info, command, time AS seconds FROM information_schema.processlist
       WHERE id <> CONNECTION_ID() AND command IN ('Query', 'Execute') AND user <> 'system user'
         AND info REGEXP '^[[:space:]]*(ALTER|CREATE|DROP|RENAME|TRUNCATE|OPTIMIZE|REPAIR)[[:space:]]'
         AND info NOT REGEXP '^[[:space:]]*(CREATE|DROP)[[:space:]]+TEMPORARY'
       ORDER BY time DESC
      """;

  /** Held since before the statement under way: by LOCK TABLES, or for the whole server. */
  private static final String MYSQL_LOCKS =
      """
      SELECT t.processlist_id AS id, t.processlist_user AS user, t.processlist_host AS host,
             CONCAT(l.lock_type, ' on ', COALESCE(l.object_name, 'all')) AS info,
             t.processlist_command AS command, t.processlist_time AS seconds
        FROM performance_schema.metadata_locks l
        JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
       WHERE l.lock_status = 'GRANTED' AND t.processlist_id <> CONNECTION_ID()
         AND ((l.object_type = 'TABLE'
               AND l.lock_type IN ('SHARED_NO_READ_WRITE', 'SHARED_READ_ONLY'))
              OR (l.object_type = 'GLOBAL' AND l.lock_type = 'SHARED'))
         AND t.processlist_command = 'Sleep'
       GROUP BY 1, 2, 3, 4, 5, 6
      """;

  /** With a plugin that is not there by default. */
  private static final String MARIADB_LOCKS =
      """
      SELECT p.id, p.user, p.host, CONCAT(l.lock_mode, ' on ', l.table_name) AS info, p.command,
             p.time AS seconds
        FROM information_schema.metadata_lock_info l
        JOIN information_schema.processlist p ON p.id = l.thread_id
       WHERE p.id <> CONNECTION_ID() AND p.command = 'Sleep'
         AND l.lock_mode IN ('MDL_SHARED_NO_READ_WRITE', 'MDL_SHARED_READ_ONLY',
                             'MDL_BACKUP_FTWRL1', 'MDL_BACKUP_FTWRL2')
       GROUP BY 1, 2, 3, 4, 5, 6
      """;

  private static final String AT_WORK =
      """
      SELECT 1 FROM information_schema.processlist
       WHERE id <> CONNECTION_ID() AND user <> 'system user'
         AND command NOT IN ('Sleep', 'Daemon', 'Binlog Dump') LIMIT 1
      """;

  private static final String EVENTS =
      """
      SELECT p.id, p.user, p.host, p.info, p.command, p.time AS seconds
        FROM information_schema.processlist p
       WHERE p.id <> CONNECTION_ID() AND p.command = 'Connect' AND p.user <> 'system user'
         AND p.info IS NOT NULL
      """;

  private Hindrances() {}

  /**
   * Waits for their end.
   *
   * @param longest what has been open for so long is waited for; nothing is waited for longer
   * @throws Refusal HAL-722 with each of them
   */
  static void awaitNone(Session active, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    var found = find(active, longest);
    while (!found.isEmpty()) {
      if (System.nanoTime() >= end) {
        throw new Refusal(ExitStatus.FINDINGS, found);
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
      found = find(active, longest);
    }
  }

  /** All of them, each named. */
  static List<Finding> find(Session active, Duration longest) {
    var findings = new ArrayList<Finding>();
    long seconds = Math.max(1, longest.toSeconds());
    add(findings, "a transaction is open", active.query(TRANSACTIONS, seconds));
    add(findings, "a schema statement is under way", active.query(SCHEMA_STATEMENTS));
    addLocks(findings, active);
    add(findings, "an event is at work", active.query(EVENTS));
    findings.addAll(rebuilds(active));
    for (var row : active.query("XA RECOVER")) {
      findings.add(
          finding(
              "a prepared XA transaction waits for its end: " + row.stringOrNull("data"),
              "XA COMMIT or XA ROLLBACK it."));
    }
    return findings;
  }

  /** How far they are stands in the log of this server alone. */
  static List<Finding> rebuilds(Session active) {
    return OpenRebuilds.of(active).stream()
        .map(
            table ->
                finding(
                    "a rebuild of " + table + " has not ended, or keeps its old table",
                    "Wait for its end, or give it up: halcyon alter --abort "
                        + table.substring(table.indexOf('.') + 1)))
        .toList();
  }

  private static void addLocks(List<Finding> findings, Session active) {
    try {
      var rows = active.query(active.engine() == Engine.MYSQL ? MYSQL_LOCKS : MARIADB_LOCKS);
      add(findings, "tables are locked", rows);
    } catch (Fault.Refused notThere) {
      // Without the plugin or the privilege only the tables can be told, and not always: the fence
      // waits for such a lock, within bounds.
      if (active.engine() == Engine.MARIADB) {
        inUse(active).forEach(table -> findings.add(inUse(table)));
      }
    }
  }

  /** Tables that stay in use while no statement is at work. */
  private static Set<String> inUse(Session active) {
    var tables = new TreeSet<String>();
    for (int look = 0; look < LOOKS; look++) {
      var now =
          active.query("SHOW OPEN TABLES WHERE In_use > 0").stream()
              .map(row -> row.string("Database") + "." + row.string("Table"))
              .toList();
      if (look == 0) {
        tables.addAll(now);
      }
      tables.retainAll(now);
      if (tables.isEmpty() || active.first(AT_WORK).isPresent()) {
        return Set.of();
      }
    }
    return tables;
  }

  private static Finding inUse(String table) {
    return finding(
        "tables are locked: " + table + " is in use, and no statement is at work",
        "Find who holds it by LOCK TABLES or HANDLER; INSTALL SONAME 'metadata_lock_info' tells.");
  }

  private static void add(List<Finding> findings, String what, List<Row> rows) {
    for (var row : rows) {
      findings.add(
          finding(
              "%s: connection %d of %s@%s, for %s s%s"
                  .formatted(
                      what,
                      row.longValue("id"),
                      row.stringOrNull("user"),
                      row.stringOrNull("host"),
                      row.stringOrNull("seconds"),
                      statement(row)),
              "Wait for its end, or KILL " + row.longValue("id") + "."));
    }
  }

  private static String statement(Row row) {
    var text = Objects.requireNonNullElse(row.stringOrNull("info"), "").strip();
    if (text.isEmpty()) {
      return ", idle";
    }
    var line = text.replaceAll("\\s+", " ");
    return ", " + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…");
  }

  private static Finding finding(String message, String remedy) {
    return Finding.error(ErrorCode.PAIR_HINDERED.code(), null, message, remedy);
  }
}
