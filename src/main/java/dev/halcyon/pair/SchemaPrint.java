package dev.halcyon.pair;

import dev.halcyon.journal.Hash;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells whether a schema has changed: a hash of all definitions in it, Halcyon's own tables aside.
 */
final class SchemaPrint {
  private static final String TABLES =
      """
      SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_name NOT LIKE 'halcyon\\_%' ORDER BY 1
      """;

  private static final Map<String, String> OTHERS =
      Map.of(
          "trigger",
          """
          SELECT trigger_name AS name, action_statement AS body FROM information_schema.triggers
           WHERE trigger_schema = DATABASE() ORDER BY 1
          """,
          "routine",
          """
          SELECT routine_name AS name, routine_definition AS body FROM information_schema.routines
           WHERE routine_schema = DATABASE() ORDER BY 1
          """);

  private SchemaPrint() {}

  static String of(Session session) {
    return of(parts(session));
  }

  static String of(SortedMap<String, String> parts) {
    return Hash.of(String.join("\n", parts.values()));
  }

  /** Each definition by what it defines: {@code table t}. */
  static SortedMap<String, String> parts(Session session) {
    var parts = new TreeMap<String, String>();
    for (var table : session.query(TABLES)) {
      var name = table.string("name");
      var row = session.first("SHOW CREATE TABLE " + Sql.name(name)).orElseThrow();
      // Rows that arrive meanwhile count it up.
      parts.put("table " + name, row.string(2).replaceAll(" AUTO_INCREMENT=\\d+", ""));
    }
    OTHERS.forEach(
        (kind, query) ->
            session
                .query(query)
                .forEach(row -> parts.put(kind + " " + row.string("name"), body(row))));
    return parts;
  }

  private static String body(Row row) {
    return row.string("name") + " " + Objects.requireNonNullElse(row.stringOrNull("body"), "");
  }
}
