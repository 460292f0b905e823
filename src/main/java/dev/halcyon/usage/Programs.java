package dev.halcyon.usage;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.StoredText;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What statements may reach in a schema: tables with their columns, and views, triggers and
 * routines through which more is reached than a statement names. Names compare without regard to
 * case.
 *
 * @param tables columns by table
 * @param views texts by {@code schema.view}; null text for one that the account may not read
 * @param routines texts by {@code schema.routine}, those of other schemas that name this one too;
 *     null text for one that the account may not read
 * @param triggers texts by table and name, Halcyon's own left out
 */
record Programs(
    String schema,
    Map<String, Set<String>> tables,
    Map<String, @Nullable String> views,
    Map<String, @Nullable String> routines,
    Map<String, Map<String, String>> triggers) {

  /** Views and routines of the servers' own, which read none of the user's tables. */
  private static final String OF_SERVERS =
      "('information_schema', 'performance_schema', 'mysql', 'sys')";

  static Programs read(Session session, String schema) {
    var views = new TreeMap<String, @Nullable String>(String.CASE_INSENSITIVE_ORDER);
    var routines = new TreeMap<String, @Nullable String>(String.CASE_INSENSITIVE_ORDER);
    var triggers = new TreeMap<String, Map<String, String>>(String.CASE_INSENSITIVE_ORDER);
    hidden(session, schema, views);
    for (StoredText text : StoredText.all(session, schema)) {
      switch (text.kind()) {
        case VIEW -> views.put(qualified(schema, text.name()), text.text());
        case TRIGGER -> {
          // What keeps old and new shape equal is no use of either.
          if (!isOurTrigger(text.name())) {
            triggers
                .computeIfAbsent(text.table(), t -> new TreeMap<>())
                .put(text.name(), text.text());
          }
        }
        case ROUTINE, EVENT -> {}
      }
    }
    routines(session, schema, routines);
    return new Programs(schema, tables(session, schema), views, routines, triggers);
  }

  /**
   * The same without views and triggers that somebody else sees to, who knows what they read.
   *
   * @param names without the schema
   */
  Programs without(Set<String> names) {
    var fewer = new TreeMap<String, @Nullable String>(String.CASE_INSENSITIVE_ORDER);
    fewer.putAll(views);
    names.forEach(name -> fewer.remove(qualified(schema, name)));
    var left = new TreeMap<String, Map<String, String>>(String.CASE_INSENSITIVE_ORDER);
    triggers.forEach(
        (table, texts) -> {
          var others = new TreeMap<>(texts);
          others.keySet().removeAll(names);
          left.put(table, others);
        });
    return new Programs(schema, tables, fewer, routines, left);
  }

  /** Whether a table of this name is Halcyon's. */
  static boolean isOurTable(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("halcyon_")
        || lower.equals("hal_delta")
        || lower.endsWith("_hal_new")
        || lower.endsWith("_hal_old")
        || lower.endsWith("_hal_keys")
        || lower.endsWith("_hal_back");
  }

  private static boolean isOurTrigger(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("hal_");
  }

  private static String qualified(String schema, String name) {
    return name.contains(".") ? name : schema + "." + name;
  }

  private static Map<String, Set<String>> tables(Session session, String schema) {
    var tables = new TreeMap<String, Set<String>>(String.CASE_INSENSITIVE_ORDER);
    for (Row row :
        session.query(
            "SELECT c.table_name AS tab, c.column_name AS col"
                + " FROM information_schema.columns c JOIN information_schema.tables t"
                + " ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
                + " WHERE c.table_schema = ? AND t.table_type <> 'VIEW'",
            schema)) {
      tables
          .computeIfAbsent(row.string("tab"), t -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER))
          .add(row.string("col"));
    }
    return tables;
  }

  /** MySQL keeps the text of a view from accounts without SHOW VIEW. */
  private static void hidden(Session session, String schema, Map<String, @Nullable String> views) {
    for (Row row :
        session.query(
            "SELECT table_name AS name FROM information_schema.views"
                + " WHERE table_schema = ? AND COALESCE(view_definition, '') = ''",
            schema)) {
      views.put(schema + "." + row.string("name"), null);
    }
  }

  private static void routines(
      Session session, String schema, Map<String, @Nullable String> routines) {
    for (Row row :
        session.query(
            "SELECT routine_schema AS place, routine_name AS name, routine_definition AS text"
                + " FROM information_schema.routines WHERE routine_schema NOT IN "
                + OF_SERVERS
                + " AND (routine_schema = ? OR routine_definition IS NULL"
                + " OR INSTR(routine_definition, ?) > 0"
                + " OR routine_definition REGEXP 'PREPARE|EXECUTE')",
            schema,
            schema)) {
      routines.put(row.string("place") + "." + row.string("name"), row.stringOrNull("text"));
    }
  }
}
