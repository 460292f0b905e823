package dev.halcyon.pair;

import dev.halcyon.mysql.Session;
import java.util.OptionalLong;

/**
 * What the session of a change holds on the server that it changes: a statement of a run that has
 * died may still be at work there, and its connection holds the lock.
 */
final class ChangeLock {
  private static final String LOCK = "halcyon_pair_change";
  private static final int SECONDS = 5;

  private ChangeLock() {}

  /**
   * Waits for it, some seconds.
   *
   * @return whether it is ours
   */
  static boolean take(Session session) {
    var row =
        session.first("SELECT GET_LOCK('" + LOCK + "', " + SECONDS + ") AS got").orElseThrow();
    return !row.isNull("got") && row.longValue("got") == 1;
  }

  /** The connection that has it. */
  static OptionalLong holder(Session session) {
    var row = session.first("SELECT IS_USED_LOCK('" + LOCK + "') AS holder").orElseThrow();
    return row.isNull("holder") ? OptionalLong.empty() : OptionalLong.of(row.longValue("holder"));
  }
}
