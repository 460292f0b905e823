package dev.halcyon.rebuild;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerVersion;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.plan.Limits;
import dev.halcyon.sql.AlterClause;
import java.time.Duration;
import java.util.List;

/**
 * What a choice of the way rests on, beside the server's own words.
 *
 * @param rowVersions of the table that instant changes have made; 0 when it cannot be known
 * @param replicas whether somebody follows the server's log
 */
record WayFacts(
    Engine engine,
    ServerVersion version,
    long rows,
    long bytes,
    long rowVersions,
    boolean replicas,
    List<AlterClause> clauses,
    Limits limits) {
  /** What the servers rewrite of a table on a middling machine. */
  private static final long NANOS_A_BYTE = 25;

  WayFacts {
    clauses = List.copyOf(clauses);
  }

  static WayFacts read(
      Session session,
      String schema,
      TableSchema source,
      List<AlterClause> clauses,
      Limits limits) {
    return new WayFacts(
        session.engine(),
        session.version(),
        source.rows(),
        source.bytes(),
        rowVersions(session, schema + "/" + source.name()),
        limits.replicaNamed() || followed(session),
        clauses,
        limits);
  }

  /** For about how long the server would read or write the whole table. */
  Duration estimate() {
    return Duration.ofNanos(bytes * NANOS_A_BYTE);
  }

  private static long rowVersions(Session session, String name) {
    if (session.engine() != Engine.MYSQL || !session.version().atLeast(8, 0, 29)) {
      return 0;
    }
    try {
      return session
          .first(
              "SELECT MAX(total_row_versions) AS versions FROM information_schema.innodb_tables"
                  + " WHERE name = ? OR LEFT(name, ?) = ?",
              name,
              name.length() + 1,
              name + "#")
          .filter(row -> !row.isNull("versions"))
          .map(row -> row.longValue("versions"))
          .orElse(0L);
    } catch (Fault.Refused withoutProcess) {
      // The explicit clause lets the server refuse what this would have told.
      return 0;
    }
  }

  private static boolean followed(Session session) {
    return session
        .first(
            "SELECT 1 FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'"
                + " LIMIT 1")
        .isPresent();
  }
}
