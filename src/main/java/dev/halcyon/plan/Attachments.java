package dev.halcyon.plan;

import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Triggers and foreign keys that hang on tables when a step comes: those that are there, and those
 * that the steps before it make and drop, as the rehearsal saw it. They would stay with the old
 * table of a rebuild. Not thread-safe.
 */
final class Attachments {
  private static final Pattern REFERENCES = Pattern.compile("REFERENCES `((?:[^`]|``)+)`");

  /** Element to the tables that it hangs on, each between spaces. */
  private final Map<String, String> tables;

  Attachments(ServerFacts facts) {
    tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (TableSchema table : facts.before().values()) {
      table.triggers().forEach(t -> put("trigger " + t.name(), table.name()));
      table
          .foreignKeys()
          .forEach(
              k ->
                  put(
                      "foreign key " + table.name() + "." + k.name(),
                      table.name(),
                      k.referencedTable()));
    }
    facts
        .referencing()
        .forEach(
            k -> put("foreign key " + k.table() + "." + k.name(), k.table(), k.referencedTable()));
  }

  Attachments(Attachments others) {
    tables = new TreeMap<>(others.tables);
  }

  /** What hangs on the table, by name. */
  List<String> of(String table) {
    return tables.entrySet().stream()
        .filter(e -> e.getValue().contains(" " + table.toLowerCase(Locale.ROOT) + " "))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The statement has run. */
  void after(String table, List<Delta> deltas) {
    for (Delta delta : deltas) {
      String name = delta.element().substring(delta.element().indexOf(' ') + 1);
      if (delta.element().startsWith("trigger ")) {
        if (delta.after() == null) {
          tables.remove("trigger " + name);
        } else if (delta.before() == null) {
          put("trigger " + name, table);
        }
      } else if (delta.element().startsWith("constraint ")) {
        tables.remove("foreign key " + name);
        String text = delta.after();
        if (text != null && text.contains("FOREIGN KEY")) {
          var parent = REFERENCES.matcher(text);
          put(
              "foreign key " + name,
              name.substring(0, name.indexOf('.')),
              parent.find() ? parent.group(1) : "");
        }
      }
    }
  }

  private void put(String element, String... of) {
    tables.put(element, " " + String.join(" ", of).toLowerCase(Locale.ROOT) + " ");
  }
}
