package dev.halcyon.mysql;

import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import dev.halcyon.model.View;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableText;
import dev.halcyon.sql.TextDefaults;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads what stands in a schema. Tables are read from SHOW CREATE TABLE, one round trip each; all
 * else comes in bulk. Stateless.
 */
public final class Catalog {
  private static final int NO_SUCH_TABLE = 1146;
  private static final Pattern BINARY = Pattern.compile("(?i)(var)?binary\\b.*|\\w*blob\\b.*");

  private static final Pattern CHARACTERS_ONLY =
      Pattern.compile("CHARACTER SET \\w+(?! COLLATE)\\b");

  private Catalog() {}

  /** The tables of the schema, views and sequences left out. */
  public static List<String> tableNames(Session session, String schema) {
    return session
        .query(
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?"
                + " AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY table_name",
            schema)
        .stream()
        .map(row -> row.string("name"))
        .toList();
  }

  /**
   * The named tables with their triggers, by name without regard to case; one that does not exist
   * is left out. Rows and bytes are the server's present estimates.
   */
  public static Map<String, TableSchema> tables(
      Session session, String schema, Collection<String> names) {
    var tables = new TreeMap<String, TableSchema>(String.CASE_INSENSITIVE_ORDER);
    if (names.isEmpty()) {
      return tables;
    }
    Map<String, List<Trigger>> triggers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Trigger trigger : triggers(session, schema, names)) {
      triggers.computeIfAbsent(trigger.table(), t -> new ArrayList<>()).add(trigger);
    }
    for (Row row : estimates(session, schema, names)) {
      String name = row.string("name");
      Optional<String> text = showCreate(session, schema, name);
      if (text.isPresent()) {
        var own = triggers.getOrDefault(name, List.of());
        tables.put(name, table(session, schema, row, text.get(), own));
      }
    }
    return tables;
  }

  public static Optional<TableSchema> table(Session session, String schema, String name) {
    return tables(session, schema, List.of(name)).values().stream().findFirst();
  }

  /** The server's text of a table; empty when there is no table of this name. */
  static Optional<String> showCreate(Session session, String schema, String table) {
    try {
      return session
          .first("SHOW CREATE TABLE " + Sql.name(schema, table))
          .map(row -> row.string(2))
          .filter(text -> text.startsWith("CREATE TABLE"));
    } catch (Fault.Refused refused) {
      if (refused.code() == NO_SUCH_TABLE) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** Every view of the schema, by name. */
  public static Map<String, View> views(Session session, String schema) {
    var views = new TreeMap<String, View>(String.CASE_INSENSITIVE_ORDER);
    for (Row row :
        session.query(
            "SELECT table_name AS name, view_definition AS definition, definer AS definer,"
                + " security_type AS security, check_option AS check_option"
                + " FROM information_schema.views WHERE table_schema = ?",
            schema)) {
      var definition = row.string("definition");
      views.put(
          row.string("name"),
          new View(
              row.string("name"),
              definition,
              row.string("definer"),
              row.string("security"),
              row.string("check_option"),
              tablesIn(definition, schema)));
    }
    return views;
  }

  /** The triggers on the tables, in the order in which they act. */
  public static List<Trigger> triggers(Session session, String schema, Collection<String> tables) {
    if (tables.isEmpty()) {
      return List.of();
    }
    return session
        .query(
            "SELECT trigger_name AS name, event_object_table AS on_table, action_timing AS timing,"
                + " event_manipulation AS event, action_statement AS body, definer AS definer,"
                + " sql_mode AS mode, collation_connection AS literals, action_order AS place"
                + " FROM information_schema.triggers"
                + " WHERE event_object_schema = ? AND event_object_table IN "
                + marks(tables)
                + " ORDER BY event_object_table, CONCAT(action_timing) DESC, event_manipulation,"
                + " action_order",
            arguments(schema, tables))
        .stream()
        .map(Catalog::trigger)
        .toList();
  }

  static Trigger trigger(Row row) {
    return new Trigger(
        row.string("name"),
        row.string("on_table"),
        row.string("timing"),
        row.string("event"),
        row.string("body"),
        row.string("definer"),
        row.string("mode"),
        row.string("literals"),
        Math.toIntExact(row.longValue("place")));
  }

  /**
   * Foreign keys of any table of the schema that point at the given ones, and of tables of other
   * schemas whose key the account may see. A key from another schema has its table written {@code
   * schema.table}.
   */
  public static List<ForeignKey> referencing(
      Session session, String schema, Collection<String> tables) {
    if (tables.isEmpty()) {
      return List.of();
    }
    return ForeignKeys.referencing(session, schema, tables);
  }

  /**
   * The named objects as they stand, for comparison with a rehearsal's deltas.
   *
   * @param objects names of elements as in {@link dev.halcyon.plan.Delta}; of a table's part the
   *     whole table is given
   * @return element to text; what does not exist has no entry
   */
  public static SortedMap<String, String> elements(
      Session session, String schema, Collection<String> objects) {
    return Elements.read(session, schema, objects);
  }

  private static List<Row> estimates(Session session, String schema, Collection<String> names) {
    if (session.engine() == Engine.MYSQL) {
      // MySQL answers with numbers that may be a day old otherwise.
      session.execute("SET SESSION information_schema_stats_expiry = 0");
    }
    return session.query(
        "SELECT table_name AS name, table_collation AS collation,"
            + " COALESCE(table_rows, 0) AS estimated,"
            + " COALESCE(data_length, 0) + COALESCE(index_length, 0) AS size"
            + " FROM information_schema.tables WHERE table_schema = ?"
            + " AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_name IN "
            + marks(names),
        arguments(schema, names));
  }

  private static TableSchema table(
      Session session, String schema, Row row, String showCreate, List<Trigger> triggers) {
    var collation = row.stringOrNull("collation");
    var defaults =
        new TextDefaults(
            collation == null ? "binary" : collation, missingCollations(session, showCreate));
    return parsed(
        session,
        schema,
        schema,
        showCreate,
        defaults,
        triggers,
        row.longValue("estimated"),
        row.longValue("size"));
  }

  /**
   * @param stands the schema in which the table stands
   * @param means the schema that its names without a schema mean
   */
  static TableSchema parsed(
      Session session,
      String stands,
      String means,
      String showCreate,
      TextDefaults defaults,
      List<Trigger> triggers,
      long rows,
      long bytes) {
    var table = TableText.read(showCreate, means, session.engine(), defaults);
    var columns = new ArrayList<Column>();
    for (Column column : table.columns()) {
      columns.add(exact(session, stands, table.name(), column));
    }
    return new TableSchema(
        table.name(),
        table.engine(),
        columns,
        table.indexes(),
        table.foreignKeys(),
        table.checks(),
        triggers,
        table.partitioned(),
        showCreate,
        rows,
        bytes);
  }

  /** Older MariaDB leaves a column's collation out when it is the character set's own. */
  private static Map<String, String> missingCollations(Session session, String showCreate) {
    return CHARACTERS_ONLY.matcher(showCreate).find() ? collations(session) : Map.of();
  }

  /** The default collation of each character set. */
  static Map<String, String> collations(Session session) {
    var collations = new LinkedHashMap<String, String>();
    for (Row row :
        session.query(
            "SELECT character_set_name AS name, default_collate_name AS collation"
                + " FROM information_schema.character_sets")) {
      collations.put(row.string("name"), row.string("collation"));
    }
    return collations;
  }

  /** MariaDB prints bytes that are no text as question marks, so it is asked for the value. */
  private static Column exact(Session session, String schema, String table, Column column) {
    String value = column.defaultValue();
    boolean doubtful =
        session.engine() == Engine.MARIADB
            && value != null
            && value.startsWith("'")
            && BINARY.matcher(column.type()).matches()
            && value.chars().anyMatch(c -> c == '?' || c > 0x7e);
    if (!doubtful) {
      return column;
    }
    return session
        .first(
            "SELECT HEX(DEFAULT("
                + Sql.name(column.name())
                + ")) AS value, 1 AS "
                + Sql.OWN_NAME
                + " FROM "
                + Sql.name(schema, table)
                + " RIGHT JOIN (SELECT 1) AS one ON FALSE LIMIT 1")
        .map(row -> row.stringOrNull("value"))
        .map(hex -> column.withDefault("x'" + hex + "'"))
        .orElse(column);
  }

  private static Set<String> tablesIn(String definition, String schema) {
    var found = new TreeSet<String>();
    var matcher =
        Pattern.compile(Pattern.quote(Sql.name(schema)) + "\\.`((?:[^`]|``)+)`(?!\\s*\\()")
            .matcher(definition);
    while (matcher.find()) {
      found.add(matcher.group(1).replace("``", "`"));
    }
    return found;
  }

  static String marks(Collection<?> values) {
    return "(" + String.join(", ", Collections.nCopies(values.size(), "?")) + ")";
  }

  static Object[] arguments(String schema, Collection<String> names) {
    var all = new ArrayList<Object>();
    all.add(schema);
    all.addAll(names);
    return all.toArray();
  }
}
