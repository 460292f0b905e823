package dev.halcyon.rebuild;

import dev.halcyon.binlog.RowImage;
import dev.halcyon.binlog.WatchedTable;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.FencedSessions;
import dev.halcyon.mysql.OpenRebuilds;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The durable state of the schema's rebuilds, one row each. Its commits are marks in the binary log
 * too: when the commit of one has returned, every transaction that stands before it in the log can
 * be seen, and a mark that is read tells that all changes before it have been read.
 */
final class RebuildTable {
  static final String NAME = OpenRebuilds.TABLE;

  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS halcyon_rebuild (
        name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        mark BIGINT NOT NULL,
        rows_done BIGINT NOT NULL,
        state LONGTEXT NOT NULL,
        changed_at DATETIME(6) NOT NULL,
        begun_at DATETIME(6) NOT NULL,
        phase VARCHAR(20) CHARACTER SET ascii NOT NULL,
        rows_total BIGINT NOT NULL,
        orders TEXT NULL,
        PRIMARY KEY (name)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
      """;

  private final String table;
  private final FencedSessions sessions;
  private final IntConsumer afterWrite;
  private int writes;
  private long mark;
  private String phase = "";
  private long total;

  RebuildTable(String table, FencedSessions sessions, IntConsumer afterWrite) {
    this.table = table;
    this.sessions = sessions;
    this.afterWrite = afterWrite;
  }

  /** Only when it is not there: MySQL puts the statement into the log even if it does nothing. */
  void create(Session session) {
    if (!exists(session)) {
      session.execute(CREATE);
    }
  }

  static boolean exists(Session session) {
    return session
        .first(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name = ?",
            NAME)
        .isPresent();
  }

  /** The state of the rebuild of this table; drops what a run that died has left empty. */
  Optional<RebuildState> find(Session session) {
    if (!exists(session)) {
      return Optional.empty();
    }
    var row = session.first("SELECT state, mark FROM " + NAME + " WHERE name = ?", table);
    row.ifPresent(r -> mark = Math.max(mark, r.longValue("mark")));
    if (row.isEmpty()) {
      dropEmpty(session);
    }
    return row.map(r -> RebuildState.parse(r.string("state")));
  }

  /**
   * Stores the state in the session's transaction; call it last before the commit.
   *
   * @return the mark that the log then has
   */
  long write(Session inTransaction, RebuildState state) {
    sessions.fence(inTransaction);
    mark++;
    inTransaction.update(
        "INSERT INTO "
            + NAME
            + " (name, mark, rows_done, state, changed_at, begun_at, phase, rows_total)"
            + " VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?, ?)"
            + " ON DUPLICATE KEY UPDATE mark = VALUES(mark), rows_done = VALUES(rows_done),"
            + " state = VALUES(state), changed_at = VALUES(changed_at), phase = VALUES(phase),"
            + " rows_total = VALUES(rows_total)",
        table,
        mark,
        state.rows(),
        state.text(),
        phase,
        total);
    return mark;
  }

  /** What the next {@link #write} tells of what the run does. */
  void phase(String newPhase, long newTotal) {
    phase = newPhase;
    total = newTotal;
  }

  Orders orders(Session session) {
    return session
        .first("SELECT orders FROM " + NAME + " WHERE name = ?", table)
        .map(row -> Orders.parse(row.stringOrNull(1)))
        .orElse(Orders.NONE);
  }

  /** The order to stop was for the run before. */
  void begin(Session session) {
    var orders = orders(session);
    if (orders.stop()) {
      store(session, table, orders.begun());
    }
  }

  private static void store(Session session, String table, Orders orders) {
    session.update("UPDATE " + NAME + " SET orders = ? WHERE name = ?", orders.text(), table);
  }

  /**
   * Tells a rebuild, or all.
   *
   * @param table empty for all
   * @return those that were told, as they are now
   */
  static List<UnderWay> control(Session session, String table, Control control) {
    if (!exists(session)) {
      return List.of();
    }
    return session.inTransaction(
        () -> {
          var found = new ArrayList<UnderWay>();
          for (var row :
              session.query(
                  "SELECT name, state, phase, rows_done, rows_total, orders,"
                      + " TIMESTAMPDIFF(MICROSECOND, begun_at, UTC_TIMESTAMP(6)) AS running,"
                      + " TIMESTAMPDIFF(MICROSECOND, changed_at, UTC_TIMESTAMP(6)) AS quiet FROM "
                      + NAME
                      + " WHERE ? IN ('', name) FOR UPDATE",
                  table)) {
            var orders = Orders.parse(row.stringOrNull("orders"));
            var now = orders.with(control);
            if (!now.equals(orders)) {
              store(session, row.string("name"), now);
            }
            found.add(underWay(row, now));
          }
          return found;
        });
  }

  private static UnderWay underWay(Row row, Orders orders) {
    return new UnderWay(
        row.string("name"),
        RebuildState.parse(row.string("state")).statement(),
        row.string("phase"),
        row.longValue("rows_done"),
        row.longValue("rows_total"),
        micros(row.longValue("running")),
        micros(row.longValue("quiet")),
        RebuildState.parse(row.string("state")).server(),
        words(orders));
  }

  private static Duration micros(long micros) {
    return Duration.of(Math.max(0, micros), ChronoUnit.MICROS);
  }

  private static String words(Orders orders) {
    var words = new ArrayList<String>();
    if (orders.paused()) {
      words.add("paused");
    }
    if (orders.postponed()) {
      words.add("cut-over postponed");
    }
    if (orders.stop()) {
      words.add("to stop");
    }
    if (orders.chunkMillis() != null) {
      words.add("chunks of " + orders.chunkMillis() + " ms");
    }
    if (orders.workers() != null) {
      words.add(orders.workers() + " connections");
    }
    return String.join(", ", words);
  }

  /** After the commit of a {@link #write}. */
  void written() {
    afterWrite.accept(++writes);
  }

  void remove(Session session) {
    if (exists(session)) {
      session.update("DELETE FROM " + NAME + " WHERE name = ?", table);
      dropEmpty(session);
    }
  }

  private static void dropEmpty(Session session) {
    if (session.first("SELECT 1 FROM " + NAME).isEmpty()) {
      session.execute("DROP TABLE " + NAME);
    }
  }

  WatchedTable watched(Session session, String schema) {
    var schemaOf = Catalog.table(session, schema, NAME).orElseThrow();
    return new WatchedTable(schema, NAME, schemaOf.columns());
  }

  /** The mark of this rebuild that an image holds; 0 for another rebuild's. */
  long mark(WatchedTable watched, RowImage image) {
    var name = new String(image.raw(0), StandardCharsets.UTF_8);
    if (!name.equals(table)) {
      return 0;
    }
    var number = new StringBuilder();
    image.appendLiteral(number, 1, watched.columns().get(1));
    return Long.parseLong(number.toString());
  }
}
