package dev.halcyon.pair;

import dev.halcyon.journal.Hash;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.Objects;

/**
 * Tells whether a schema has changed: a hash of all definitions in it, Halcyon's own tables aside.
 */
final class SchemaPrint {
  private static final String TABLES =
      """
      SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_name NOT LIKE 'halcyon\\_%' ORDER BY 1
      """;

  private static final List<String> OTHERS =
      List.of(
          """
          SELECT trigger_name AS name, action_statement AS body FROM information_schema.triggers
           WHERE trigger_schema = DATABASE() ORDER BY 1
          """,
          """
          SELECT routine_name AS name, routine_definition AS body FROM information_schema.routines
           WHERE routine_schema = DATABASE() ORDER BY 1
          """);

  private SchemaPrint() {}

  static String of(Session session) {
    var text = new StringBuilder();
    for (var table : session.query(TABLES)) {
      var name = table.string("name").replace("`", "``");
      var row = session.first("SHOW CREATE TABLE `" + name + "`").orElseThrow();
      // Rows that arrive meanwhile count it up.
      text.append(row.string(2).replaceAll(" AUTO_INCREMENT=\\d+", "")).append('\n');
    }
    for (var query : OTHERS) {
      session.query(query).forEach(row -> text.append(body(row)).append('\n'));
    }
    return Hash.of(text.toString());
  }

  private static String body(Row row) {
    return row.string("name") + " " + Objects.requireNonNullElse(row.stringOrNull("body"), "");
  }
}
