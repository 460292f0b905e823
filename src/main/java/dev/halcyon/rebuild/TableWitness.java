package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells whether a table is still the one it was: TRUNCATE fires no trigger, and the catalogue shows
 * nothing of it. The server's number of the table does, to accounts that may see it; to others rows
 * must do, the first ones and the last ones. And whether the triggers are on it. For one thread.
 */
final class TableWitness {
  private static final int ROWS = 10;

  private final Work work;
  private final Shapes shapes;
  private final String id;
  private List<String> rows = List.of();

  TableWitness(Work work, Session session) {
    this.work = work;
    this.shapes = work.shapes();
    this.id = id(session);
  }

  /**
   * After a comparison, which finds what was missed before it.
   *
   * @throws Failure HAL-404 for another table
   */
  void compared() {
    var same =
        work.steadily(
            session -> {
              remember(session);
              return id.equals(id(session));
            });
    if (!same) {
      throw another();
    }
  }

  /**
   * Under the lock, with everything applied.
   *
   * @throws Failure HAL-404 for another table, HAL-406 for triggers that are gone
   */
  void require(Session session) {
    if (!id.equals(id(session)) || !sameRows(session)) {
      throw another();
    }
    if (!attached(session)) {
      throw dropped();
    }
  }

  /**
   * Triggers that somebody has dropped have missed writes, even if they are there again.
   *
   * @throws Failure HAL-406
   */
  void requireTriggers() {
    if (!work.steadily(this::attached)) {
      throw dropped();
    }
  }

  private boolean attached(Session session) {
    var names = shapes.names();
    return new CaptureTable(shapes.schema(), names.touched()).attached(session, names.table());
  }

  private Failure dropped() {
    return work.failed(
        ErrorCode.CAPTURE_BROKEN,
        "somebody has dropped triggers that capture changes; begin again after halcyon alter --abort "
            + shapes.names().table(),
        null);
  }

  private Failure another() {
    return work.failed(
        ErrorCode.DRIFT,
        "somebody has emptied the table, or made it anew, by a statement that fires no trigger,"
            + " such as TRUNCATE; begin again after halcyon alter --abort "
            + shapes.names().table(),
        null);
  }

  /** Remembers rows that are in both tables, unless they are deleted. */
  private void remember(Session session) {
    var names = shapes.shadowKey();
    var literals =
        names.stream()
            .map(
                name ->
                    RowQueries.literal(shapes.shadow().column(name).orElseThrow(), Sql.name(name)))
            .collect(Collectors.joining(", "));
    var found = new ArrayList<String>();
    for (var direction : List.of("", " DESC")) {
      session
          .query(
              "SELECT %s FROM %s ORDER BY %s LIMIT %d"
                  .formatted(
                      literals,
                      Sql.name(shapes.names().shadow()),
                      names.stream()
                          .map(name -> Sql.name(name) + direction)
                          .collect(Collectors.joining(", ")),
                      ROWS))
          .forEach(
              row -> {
                var parts = new ArrayList<String>();
                for (var i = 0; i < names.size(); i++) {
                  parts.add(
                      Sql.name(shapes.names().shadow(), names.get(i)) + " = " + row.string(i + 1));
                }
                found.add("(" + String.join(" AND ", parts) + ")");
              });
    }
    rows = List.copyOf(found);
  }

  /** Whether the rows are still there; everything that was captured must be applied. */
  private boolean sameRows(Session session) {
    if (rows.isEmpty()) {
      return true;
    }
    var source = shapes.names().table();
    var shadow = shapes.names().shadow();
    return session
        .first(
            "SELECT 1 FROM %s LEFT JOIN %s ON %s WHERE (%s) AND %s IS NULL AND %s LIMIT 1"
                .formatted(
                    Sql.name(shadow),
                    Sql.name(source),
                    shapes.sameKey(source, shadow),
                    String.join(" OR ", rows),
                    Sql.name(source, shapes.key().getFirst()),
                    Sql.OWN))
        .isEmpty();
  }

  /** Of the table, or of all its partitions; empty if it cannot be known. */
  private String id(Session session) {
    var tables =
        switch (session.engine()) {
          case MYSQL -> "innodb_tables";
          case MARIADB -> "innodb_sys_tables";
        };
    var name = shapes.schema() + "/" + shapes.names().table();
    try {
      return session
          .query(
              "SELECT table_id FROM information_schema."
                  + tables
                  + " WHERE name = ? OR LEFT(name, ?) = ? ORDER BY 1",
              name,
              name.length() + 1,
              name + "#")
          .stream()
          .map(row -> row.string(1))
          .collect(Collectors.joining(" "));
    } catch (Fault.Refused withoutProcess) {
      return "";
    }
  }
}
