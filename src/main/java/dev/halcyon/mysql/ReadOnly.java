package dev.halcyon.mysql;

/** Whether a server lets applications write. */
public final class ReadOnly {
  /** MariaDB 12 has further words than ON. */
  private static final String CLOSED =
      "CAST(@@GLOBAL.read_only AS CHAR) NOT IN ('0', 'OFF') OR @@GLOBAL.innodb_read_only";

  private ReadOnly() {}

  /** Whether applications cannot write, as the server says itself. */
  public static boolean closed(Session session) {
    return session.first("SELECT " + CLOSED + " AS closed").orElseThrow().longValue("closed") != 0;
  }
}
