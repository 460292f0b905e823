package dev.halcyon.pair;

import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Who still has written something on the fenced server and waits for the COMMIT: clients that do
 * not come through the proxy. They are ended before the read lock is, since an account that no
 * fence stops would else write there.
 */
final class Leftovers {
  private static final int UNKNOWN_THREAD = 1094;

  private static final String WRITERS =
      """
      SELECT p.id, p.user, p.host
        FROM information_schema.innodb_trx x
        JOIN information_schema.processlist p ON p.id = x.trx_mysql_thread_id
       WHERE p.id <> CONNECTION_ID() AND p.user NOT IN ('system user', 'event_scheduler')
         AND (x.trx_rows_modified > 0 OR x.trx_rows_locked > 0)
      """;

  /** They wait for a lock on everything, and have begun to write. */
  private static final String WAITING =
      """
      SELECT id, user, host FROM information_schema.processlist
       WHERE id <> CONNECTION_ID() AND user NOT IN ('system user', 'event_scheduler')
         AND state REGEXP '^Waiting for (global read|commit|backup) lock'
      """;

  private Leftovers() {}

  /** Ends them, and says of each who it was. */
  static List<String> end(Session fenced) {
    var rows = new ArrayList<Row>(fenced.query(WRITERS));
    rows.addAll(fenced.query(WAITING));
    return rows.stream().map(row -> end(fenced, row)).distinct().toList();
  }

  private static String end(Session fenced, Row row) {
    long id = row.longValue("id");
    try {
      fenced.execute("KILL " + id);
    } catch (Fault.Refused gone) {
      if (gone.code() != UNKNOWN_THREAD) {
        throw gone;
      }
    }
    return "connection %d of %s@%s had work open on the fenced server and was ended"
        .formatted(id, row.stringOrNull("user"), row.stringOrNull("host"));
  }
}
