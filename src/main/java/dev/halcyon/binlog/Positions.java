package dev.halcyon.binlog;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Session;

/** Where the log stands now. */
public final class Positions {
  private Positions() {}

  /**
   * A position such that every transaction that a later read does not see is behind it.
   *
   * @throws dev.halcyon.mysql.Fault.Refused if the account may not see it
   */
  public static Position now(Session session) {
    if (session.engine() == Engine.MARIADB) {
      return Position.MariaDbGtids.of(text(session, "SELECT @@GLOBAL.gtid_binlog_pos"));
    }
    var executed = text(session, "SELECT @@GLOBAL.gtid_executed").replaceAll("\\s", "");
    if (text(session, "SELECT @@GLOBAL.gtid_mode").equals("ON") && untagged(executed)) {
      return new Position.MySqlGtids(executed);
    }
    var status =
        session.version().atLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
    var row = session.first(status).orElseThrow(() -> new IllegalStateException("there is no log"));
    return new Position.FileOffset(row.string(1), row.longValue(2));
  }

  /** Tags, which came with 8.3, begin with a letter. */
  private static boolean untagged(String set) {
    return !set.matches(".*:[A-Za-z_].*");
  }

  private static String text(Session session, String sql) {
    return session.first(sql).map(row -> row.stringOrNull(1)).orElse("");
  }
}
