package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says who holds a table, as far as the account may see it. MySQL tells the holders of metadata
 * locks; MariaDB does so with a plugin or with the performance schema, which are off by default;
 * else the longest open transactions are named, which hold metadata locks on all that they touched.
 */
final class Blockers {
  private static final int SHOWN = 3;

  private static final String HOLDERS =
      """
      SELECT t.processlist_id AS id, t.processlist_user AS user, t.processlist_host AS host,
             t.processlist_command AS command, t.processlist_time AS seconds
        FROM performance_schema.metadata_locks l
        JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
       WHERE l.object_type = 'TABLE' AND l.lock_status = 'GRANTED'
         AND l.object_schema = DATABASE() AND l.object_name = ?
         AND t.processlist_id <> CONNECTION_ID()
       GROUP BY 1, 2, 3, 4, 5 ORDER BY 5 DESC, command = 'Sleep' DESC LIMIT 4
      """;

  private static final String MARIADB_HOLDERS =
      """
      SELECT p.id, p.user, p.host, p.command, p.time AS seconds
        FROM information_schema.metadata_lock_info l
        JOIN information_schema.processlist p ON p.id = l.thread_id
       WHERE l.table_schema = DATABASE() AND l.table_name = ? AND p.id <> CONNECTION_ID()
       GROUP BY 1, 2, 3, 4, 5 ORDER BY 5 DESC, command = 'Sleep' DESC LIMIT 4
      """;

  private static final String TRANSACTIONS =
      """
      SELECT p.id, p.user, p.host, p.command,
             TIMESTAMPDIFF(SECOND, x.trx_started, NOW()) AS seconds
        FROM information_schema.innodb_trx x
        JOIN information_schema.processlist p ON p.id = x.trx_mysql_thread_id
       WHERE p.id <> CONNECTION_ID() AND ? IS NOT NULL
       ORDER BY 5 DESC, command = 'Sleep' DESC LIMIT 4
      """;

  private Blockers() {}

  /** For people: who holds the table, or that it cannot be seen. */
  static String of(Session session, String table) {
    var holders = ask(session, HOLDERS, table);
    if (holders.isEmpty() && session.engine() == Engine.MARIADB) {
      holders = ask(session, MARIADB_HOLDERS, table);
    }
    if (!holders.isEmpty()) {
      return "held by " + text(holders);
    }
    var transactions = ask(session, TRANSACTIONS, table);
    return transactions.isEmpty()
        ? "who holds it cannot be seen by this account (PROCESS shows the transactions)"
        : "the longest open transactions are of " + text(transactions);
  }

  private static List<Row> ask(Session session, String sql, String table) {
    try {
      return session.query(sql, table);
    } catch (Fault.Refused mayNotSee) {
      // A missing privilege or plugin; the next source may do.
      return List.of();
    }
  }

  private static String text(List<Row> rows) {
    var texts = new ArrayList<String>();
    for (var row : rows.subList(0, Math.min(SHOWN, rows.size()))) {
      texts.add(
          "connection %d of %s@%s (%s, %s s)"
              .formatted(
                  row.longValue("id"),
                  row.stringOrNull("user"),
                  row.stringOrNull("host"),
                  "Sleep".equals(row.stringOrNull("command"))
                      ? "idle in its transaction"
                      : row.stringOrNull("command"),
                  row.stringOrNull("seconds")));
    }
    var more = rows.size() > SHOWN ? " and others" : "";
    return texts.stream().collect(Collectors.joining(", ")) + more;
  }
}
