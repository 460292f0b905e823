package dev.halcyon.pair;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ReadOnly;
import dev.halcyon.mysql.Session;

/**
 * What keeps applications from writing to a server: {@code read_only}, on MySQL also {@code
 * super_read_only}. It outlives the controller. A global read lock stands before it while it is
 * being closed, since that one can be taken back without an error for anybody: transactions that
 * are open only wait for their COMMIT.
 */
public final class Fence {
  private Fence() {}

  /** Whether applications cannot write, as the server says itself. */
  public static boolean closed(Session session) {
    return ReadOnly.closed(session);
  }

  /**
   * Lets every COMMIT and every write wait from now on. The lock ends with the session. Bounded by
   * the session's wait for locks.
   */
  static void lock(Session session) {
    session.execute("FLUSH TABLES WITH READ LOCK");
  }

  /** Only once {@link #close} stands, or has been taken back. */
  static void unlock(Session session) {
    session.execute("UNLOCK TABLES");
  }

  /** Applications get error 1290 for a write from now on. */
  public static void close(Session session) {
    session.execute(
        session.engine() == Engine.MYSQL
            ? "SET GLOBAL super_read_only = 1"
            : "SET GLOBAL read_only = 1");
  }

  /** Applications may write; on MySQL super_read_only goes with it. */
  static void open(Session session) {
    session.execute("SET GLOBAL read_only = 0");
  }
}
