package dev.halcyon.pair.start;

import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;

/** Statements with passwords in them, which no message may show. */
final class Secret {
  private Secret() {}

  /**
   * @param action what is told instead of the statement
   */
  static void execute(Session session, String sql, String action) {
    try {
      session.execute(sql);
    } catch (Fault.Refused fault) {
      throw new Fault.Refused(
          fault.code(), fault.sqlState(), fault.words(), "(" + action + ")", null);
    }
  }
}
