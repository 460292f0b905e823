package dev.halcyon.story;

import dev.halcyon.testing.Database;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The schema with all its rows as text, part by part, to compare the ends of two lives. */
final class EndState {
  private EndState() {}

  /** Without what the case says depends on when a step ran; times read {@code <time>}. */
  static SortedMap<String, String> of(Database database, ChangeCase change) {
    SortedMap<String, String> state = Shapes.of(database);
    state.put("Halcyon's own", String.join(", ", database.ownObjects()));
    Map<String, String> unsettled = change.unsettled();
    for (String table :
        database.strings(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'halcyon\\_%'")) {
      if (unsettled.containsKey(table)) {
        continue;
      }
      String columns =
          database
              .strings(
                  "SELECT column_name FROM information_schema.columns"
                      + " WHERE table_schema = DATABASE() AND table_name = '"
                      + table
                      + "' ORDER BY column_name")
              .stream()
              .map(column -> unsettled.getOrDefault(table + "." + column, "`" + column + "`"))
              .filter(column -> !column.isEmpty())
              .collect(Collectors.joining(", "));
      state.put(
          "rows of " + table + " (" + columns + ")",
          database.strings("SELECT " + columns + " FROM `" + table + "`").stream()
              .map(
                  row ->
                      row.replaceAll("\\d{4}(-\\d\\d){2} (\\d\\d:){2}\\d\\d(\\.\\d+)?", "<time>"))
              .sorted()
              .collect(Collectors.joining("\n  ")));
    }
    return state;
  }
}
