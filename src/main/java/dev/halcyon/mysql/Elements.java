package dev.halcyon.mysql;

import dev.halcyon.model.Trigger;
import dev.halcyon.model.View;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The parts of a schema as texts that are equal in the real schema and in its rehearsal. */
final class Elements {
  private static final String DEFINER = "DEFINER=(`[^`]*`@`[^`]*`|\\S+) ";

  private Elements() {}

  /** The kinds of objects that are read as a whole. */
  private enum Kind {
    TABLE,
    TRIGGER,
    VIEW,
    ROUTINE
  }

  static SortedMap<String, String> read(
      Session session, String schema, Collection<String> elements) {
    Map<Kind, TreeSet<String>> wanted =
        elements.stream()
            .collect(
                Collectors.groupingBy(
                    Elements::kind,
                    Collectors.mapping(Elements::object, Collectors.toCollection(TreeSet::new))));
    var found = new TreeMap<String, String>();
    for (String table : wanted.getOrDefault(Kind.TABLE, new TreeSet<>())) {
      Catalog.showCreate(session, schema, table)
          .ifPresent(text -> found.putAll(TableShape.elements(text)));
    }
    triggers(session, schema, wanted.getOrDefault(Kind.TRIGGER, new TreeSet<>()), found);
    views(session, schema, wanted.getOrDefault(Kind.VIEW, new TreeSet<>()), found);
    routines(session, schema, wanted.getOrDefault(Kind.ROUTINE, new TreeSet<>()), found);
    return found;
  }

  private static Kind kind(String element) {
    return switch (element.substring(0, Math.max(0, element.indexOf(' ')))) {
      case "table", "column", "key", "constraint", "period", "options", "partitions" -> Kind.TABLE;
      case "trigger" -> Kind.TRIGGER;
      case "view" -> Kind.VIEW;
      case "routine" -> Kind.ROUTINE;
      default -> throw new IllegalArgumentException("not the name of an element: " + element);
    };
  }

  private static String object(String element) {
    int space = element.indexOf(' ');
    String name = element.substring(space + 1);
    return switch (element.substring(0, space)) {
      case "column", "key", "constraint", "period" -> name.substring(0, name.indexOf('.'));
      default -> name;
    };
  }

  private static void triggers(
      Session session, String schema, Collection<String> names, SortedMap<String, String> found) {
    if (names.isEmpty()) {
      return;
    }
    for (Row row :
        session.query(
            "SELECT trigger_name AS name, event_object_table AS on_table, action_timing AS timing,"
                + " event_manipulation AS event, action_statement AS body, definer AS definer,"
                + " sql_mode AS mode, collation_connection AS literals, action_order AS place"
                + " FROM information_schema.triggers"
                + " WHERE trigger_schema = ? AND trigger_name IN "
                + Catalog.marks(names),
            Catalog.arguments(schema, names))) {
      var trigger = Catalog.trigger(row);
      found.put("trigger " + trigger.name(), text(trigger));
    }
  }

  static String text(Trigger trigger) {
    return trigger.timing()
        + " "
        + trigger.event()
        + " ON "
        + trigger.table()
        + " "
        + trigger.body();
  }

  private static void views(
      Session session, String schema, Collection<String> names, SortedMap<String, String> found) {
    if (names.isEmpty()) {
      return;
    }
    Map<String, View> all = Catalog.views(session, schema);
    for (String name : names) {
      View view = all.get(name);
      if (view != null) {
        found.put("view " + view.name(), text(view, schema));
      }
    }
  }

  static String text(View view, String schema) {
    return view.definition().replace(Sql.name(schema) + ".", "")
        + (view.security().equals("INVOKER") ? " SQL SECURITY INVOKER" : "")
        + (view.checkOption().equals("NONE") ? "" : " " + view.checkOption() + " CHECK OPTION");
  }

  private static void routines(
      Session session, String schema, Collection<String> names, SortedMap<String, String> found) {
    if (names.isEmpty()) {
      return;
    }
    for (Row row :
        session.query(
            "SELECT routine_name AS name, routine_type AS kind FROM information_schema.routines"
                + " WHERE routine_schema = ? AND routine_type IN ('FUNCTION', 'PROCEDURE')"
                + " UNION ALL SELECT event_name, 'EVENT' FROM information_schema.events"
                + " WHERE event_schema = ? ORDER BY 1, 2",
            schema,
            schema)) {
      String name = row.string("name");
      if (names.stream().anyMatch(name::equalsIgnoreCase)) {
        found.merge(
            "routine " + name, routine(session, schema, row), (one, other) -> one + "\n" + other);
      }
    }
  }

  /** Who defined it, when an event first came due and whether it is on do not count. */
  private static String routine(Session session, String schema, Row row) {
    String kind = row.string("kind");
    // The server shows a body only to those who may see it; its name alone still tells it is there.
    return routine(session, schema, row.string("name"), kind).orElse(kind);
  }

  static Optional<String> routine(Session session, String schema, String name, String kind) {
    Row shown = session.first("SHOW CREATE " + kind + " " + Sql.name(schema, name)).orElseThrow();
    return Optional.ofNullable(shown.stringOrNull("Create " + kind))
        .map(
            text ->
                text.replaceFirst(DEFINER, "")
                    .replaceFirst(" STARTS '[^']*'", "")
                    .replaceFirst(
                        "( PRESERVE) (?:ENABLE|DISABLE)(?: ON (?:SLAVE|REPLICA))?", "$1"));
  }
}
