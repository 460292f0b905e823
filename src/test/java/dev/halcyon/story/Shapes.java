package dev.halcyon.story;

import dev.halcyon.sql.TableShape;
import dev.halcyon.testing.Database;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The user's own schema as text, part by part, without rows and without what Halcyon keeps. */
final class Shapes {
  private Shapes() {}

  static SortedMap<String, String> of(Database database) {
    var shapes = new TreeMap<String, String>();
    String schema = database.schema();
    for (String table :
        database.strings(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = '"
                + schema
                + "' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'halcyon\\_%'")) {
      List<List<Object>> created = untyped(database, "SHOW CREATE TABLE `" + table + "`");
      String text = String.valueOf(created.getFirst().get(1));
      shapes.putAll(TableShape.elements(text));
      shapes.put("order " + table, String.join(", ", TableShape.columnOrder(text)));
    }
    put(
        shapes,
        database,
        "SELECT CONCAT('view ', table_name), REPLACE(view_definition, '`"
            + schema
            + "`.', '')"
            + " FROM information_schema.views WHERE table_schema = '"
            + schema
            + "'");
    put(
        shapes,
        database,
        "SELECT CONCAT('trigger ', trigger_name), CONCAT_WS(' ', action_timing, event_manipulation,"
            + " action_order, action_statement) FROM information_schema.triggers"
            + " WHERE trigger_schema = '"
            + schema
            + "'");
    return shapes;
  }

  private static void put(Map<String, String> shapes, Database database, String sql) {
    for (List<Object> row : untyped(database, sql)) {
      shapes.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static List<List<Object>> untyped(Database database, String sql) {
    return (List) database.query(sql);
  }
}
