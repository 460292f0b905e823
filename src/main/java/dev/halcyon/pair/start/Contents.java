package dev.halcyon.pair.start;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a server holds that is not its own. */
final class Contents {
  private static final String FOREIGN =
      " NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema', '" + Mark.SCHEMA + "')";

  private Contents() {}

  /** The schemas of users, empty ones too. */
  static List<String> schemas(Session session) {
    return session
        .query(
            "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name"
                + FOREIGN
                + " AND LEFT(schema_name, 16) <> 'halcyon_scratch_' ORDER BY 1")
        .stream()
        .map(row -> row.string("name"))
        .toList();
  }

  /** Those with a table, a view, a routine or an event in them. */
  static SortedSet<String> used(Session session) {
    var used = new TreeSet<String>();
    for (var place : List.of("table", "routine", "event")) {
      for (Row row :
          session.query(
              ("SELECT DISTINCT %1$s_schema AS name FROM information_schema.%1$ss"
                      + " WHERE %1$s_schema%2$s")
                  .formatted(place, FOREIGN))) {
        used.add(row.string("name"));
      }
    }
    return used;
  }

  /**
   * Drops every schema, without a look at what is in it.
   *
   * @param home is empty afterwards, not gone: sessions begin there
   */
  static void drop(Session session, String home) {
    for (var schema : schemas(session)) {
      session.execute("DROP DATABASE " + Sql.name(schema));
      if (schema.equalsIgnoreCase(home)) {
        session.execute("CREATE DATABASE " + Sql.name(schema));
      }
    }
  }
}
