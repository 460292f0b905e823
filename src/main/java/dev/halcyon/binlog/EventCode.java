package dev.halcyon.binlog;

import java.util.Set;

/**
 * The numbers of the event types, of MySQL and, from 160, of MariaDB.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/namespacemysql_1_1binlog_1_1event.html">
 *     MySQL</a> and <a href="https://mariadb.com/kb/en/2-binlog-event-header/">MariaDB</a>
 */
final class EventCode {
  static final int QUERY = 2;
  static final int ROTATE = 4;
  static final int FORMAT_DESCRIPTION = 15;
  static final int XID = 16;
  static final int TABLE_MAP = 19;
  static final int WRITE_ROWS_V1 = 23;
  static final int UPDATE_ROWS_V1 = 24;
  static final int DELETE_ROWS_V1 = 25;
  static final int WRITE_ROWS = 30;
  static final int UPDATE_ROWS = 31;
  static final int DELETE_ROWS = 32;
  static final int GTID = 33;
  static final int ANONYMOUS_GTID = 34;
  static final int XA_PREPARE = 38;
  static final int PARTIAL_UPDATE_ROWS = 39;
  static final int TRANSACTION_PAYLOAD = 40;
  static final int GTID_TAGGED = 42;
  static final int MARIADB_GTID = 162;
  static final int QUERY_COMPRESSED = 165;
  static final int WRITE_ROWS_COMPRESSED_V1 = 166;
  static final int UPDATE_ROWS_COMPRESSED_V1 = 167;
  static final int DELETE_ROWS_COMPRESSED_V1 = 168;
  static final int WRITE_ROWS_COMPRESSED = 169;
  static final int UPDATE_ROWS_COMPRESSED = 170;
  static final int DELETE_ROWS_COMPRESSED = 171;

  /**
   * They tell nothing about rows: STOP 3, values for statements 5, 13, 14, heartbeats 27 and 41,
   * IGNORABLE 28, ROWS_QUERY 29, PREVIOUS_GTIDS 35, group replication 36 and 37, ANNOTATE_ROWS 160,
   * BINLOG_CHECKPOINT 161, GTID_LIST 163, START_ENCRYPTION 164.
   */
  private static final Set<Integer> WITHOUT_ROWS =
      Set.of(3, 5, 13, 14, 27, 28, 29, 35, 36, 37, 41, 160, 161, 163, 164);

  private EventCode() {}

  static boolean withoutRows(int type) {
    return WITHOUT_ROWS.contains(type);
  }
}
