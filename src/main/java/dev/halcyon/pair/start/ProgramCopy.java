package dev.halcyon.pair.start;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Copies what is no table: routines, views, triggers, events, each with its own definer. */
final class ProgramCopy {
  private final Session source;
  private final Session target;
  private final String schema;

  ProgramCopy(Session source, Session target, String schema) {
    this.source = source;
    this.target = target;
    this.schema = schema;
  }

  /**
   * Something to make, under what it was made under.
   *
   * @param collation of its literals
   * @param zone of an event's times
   */
  private record Program(String sql, String mode, String collation, String zone) {}

  void run() {
    source.execute("USE " + Sql.name(schema));
    target.execute("USE " + Sql.name(schema));
    var programs = new ArrayList<Program>();
    for (var kind : List.of("FUNCTION", "PROCEDURE")) {
      names("routine", "routine_type = '" + kind + "'", "routine_name")
          .forEach(name -> programs.add(shown(kind, name, "Create " + kind)));
    }
    views().forEach(view -> programs.add(shown("VIEW", view, "Create View")));
    names(
            "trigger",
            "TRUE",
            "event_object_table, CONCAT(action_timing), CONCAT(event_manipulation), action_order")
        .forEach(name -> programs.add(shown("TRIGGER", name, "SQL Original Statement")));
    names("event", "TRUE", "event_name")
        .forEach(name -> programs.add(asleep(shown("EVENT", name, "Create Event"))));
    Attempts.all(programs, this::make);
    PairStart.plain(target);
  }

  private void make(Program program) {
    target.execute(
        "SET SESSION sql_mode = %s, SESSION collation_connection = %s, SESSION time_zone = %s"
            .formatted(
                Sql.literal(program.mode()),
                Sql.literal(program.collation()),
                Sql.literal(program.zone())));
    target.execute(program.sql());
  }

  /** Both servers would do what an event does. */
  private static Program asleep(Program event) {
    return new Program(
        event.sql().replaceFirst("(PRESERVE) ENABLE\\b", "$1 DISABLE ON SLAVE"),
        event.mode(),
        event.collation(),
        event.zone());
  }

  private List<String> views() {
    return source
        .query(
            "SELECT table_name AS name FROM information_schema.views WHERE table_schema = ?",
            schema)
        .stream()
        .map(row -> row.string("name"))
        .toList();
  }

  private List<String> names(String kind, String condition, String order) {
    return source
        .query(
            ("SELECT %1$s_name AS name FROM information_schema.%1$ss WHERE %1$s_schema = ?"
                    + " AND %2$s ORDER BY %3$s")
                .formatted(kind, condition, order),
            schema)
        .stream()
        .map(row -> row.string("name"))
        .toList();
  }

  private Program shown(String kind, String name, String column) {
    var row = source.first("SHOW CREATE " + kind + " " + Sql.name(schema, name)).orElseThrow();
    return new Program(
        row.string(column),
        kind.equals("VIEW") ? "" : text(row, "sql_mode"),
        text(row, "collation_connection"),
        kind.equals("EVENT") ? text(row, "time_zone") : "+00:00");
  }

  private static String text(Row row, String column) {
    return Objects.requireNonNullElse(row.stringOrNull(column), "");
  }
}
