package dev.halcyon.rebuild;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Scratch;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server which ways it takes, each with its explicit clause, on copies of the table with a
 * few of its rows in a scratch schema. For one thread.
 */
final class WayTrial {
  private static final int ROWS = 3;

  /** Not in the way that was asked for. */
  private static final Set<Integer> ALGORITHM = Set.of(1221, 1800, 1845, 1846, 1847, 4092);

  private final Session session;
  private final String schema;
  private final TableSchema source;
  private final String alter;
  private final CaptureBy capture;
  private final Map<Way, String> refused = new EnumMap<>(Way.class);
  private @Nullable SortedMap<String, String> after;
  private Fault.@Nullable Refused last;

  private WayTrial(
      Session session, String schema, TableSchema source, String alter, CaptureBy capture) {
    this.session = session;
    this.schema = schema;
    this.source = source;
    this.alter = alter;
    this.capture = capture;
  }

  /**
   * What the server said.
   *
   * @param refused why, of each way that it does not take
   * @param before the table's parts, and {@code after} what the change makes of them
   */
  record Result(
      Map<Way, String> refused, SortedMap<String, String> before, SortedMap<String, String> after) {
    Result {
      refused = Map.copyOf(refused);
    }

    boolean changesNothing() {
      return before.equals(after);
    }
  }

  /**
   * @throws Refusal HAL-310 when the server takes the change in no way
   */
  static Result ask(
      Server server,
      String schema,
      TableSchema source,
      Preparation preparation,
      CaptureBy capture) {
    try (var session = server.open("checks");
        var scratch = Scratch.open(session, schema)) {
      var trial = new WayTrial(session, schema, source, preparation.alter(source.name()), capture);
      return trial.ask(preparation.in(session, scratch.schema()));
    }
  }

  private Result ask(Preparation preparation) {
    for (var way : Way.values()) {
      switch (way) {
        case INSTANT, IN_PLACE, COPY -> attempt(way);
        case ONLINE_COPY -> {
          if (session.engine() == Engine.MARIADB) {
            attempt(way);
          } else {
            refused.put(way, "only MariaDB does this");
          }
        }
        case REBUILD -> examine(preparation);
      }
    }
    var end = after;
    if (end == null) {
      throw ErrorCode.SERVER_REFUSED.refuse(
          last == null ? "The server takes the change in no way." : last.detail(),
          "Mend the statement, or what the server names.");
    }
    return new Result(refused, new TreeMap<>(TableShape.elements(source.showCreate())), end);
  }

  private void examine(Preparation preparation) {
    copy(false);
    var findings =
        preparation.examine(List.of(), Belongings.read(session, schema, source), capture);
    drop();
    if (!findings.isEmpty()) {
      refused.put(Way.REBUILD, Suitability.words(findings));
    }
  }

  private void attempt(Way way) {
    for (var rows : List.of(true, false)) {
      copy(rows);
      try {
        Modes.defining(session);
        session.execute(alter + ", " + way.clause());
        refused.remove(way);
        if (after == null) {
          var scratch = session.first("SELECT DATABASE()").orElseThrow().string(1);
          after =
              new TreeMap<>(
                  TableShape.elements(
                      Catalog.table(session, scratch, source.name()).orElseThrow().showCreate()));
        }
        return;
      } catch (Fault.Refused refusal) {
        refused.put(way, refusal.words());
        if (ALGORITHM.contains(refusal.code())) {
          return;
        }
        // The rows may stand against it, which is for the run to name by their keys.
        last = refusal;
      } finally {
        drop();
      }
    }
  }

  private void copy(boolean rows) {
    session.execute(
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES',"
            + " SESSION foreign_key_checks = 0");
    session.execute(source.showCreate());
    if (rows) {
      var columns =
          Sql.names(
              source.columns().stream()
                  .filter(c -> c.generated() == null)
                  .map(c -> c.name())
                  .toList());
      session.execute(
          "INSERT IGNORE INTO %s (%s) SELECT %s FROM %s LIMIT %d"
              .formatted(
                  Sql.name(source.name()),
                  columns,
                  columns,
                  Sql.name(schema, source.name()),
                  ROWS));
    }
  }

  private void drop() {
    session.execute("DROP TABLE IF EXISTS " + Sql.name(source.name()));
  }
}
