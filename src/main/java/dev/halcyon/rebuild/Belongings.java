package dev.halcyon.rebuild;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What hangs on a table and goes along to the one that takes its place.
 *
 * @param keys the table's own foreign keys
 * @param pointing foreign keys of other tables that point at it
 * @param triggers in the order in which they act
 * @param indexes of the tables that have the keys: an index that the server made for a key takes
 *     the name of whatever key comes next
 */
record Belongings(
    List<ForeignKey> keys,
    List<ForeignKey> pointing,
    List<OwnTrigger> triggers,
    List<OwnIndex> indexes) {
  static final Belongings NONE = new Belongings(List.of(), List.of(), List.of(), List.of());

  /**
   * A trigger with all that it was made under.
   *
   * @param characters the character set of the client that made it
   */
  record OwnTrigger(Trigger trigger, String characters) {}

  /** The name of an index. */
  record OwnIndex(String table, String name, List<String> columns) {
    OwnIndex {
      columns = List.copyOf(columns);
    }
  }

  Belongings {
    keys = List.copyOf(keys);
    pointing = List.copyOf(pointing);
    triggers = List.copyOf(triggers);
    indexes = List.copyOf(indexes);
  }

  static Belongings read(Session session, String schema, TableSchema table) {
    var pointing = pointing(session, schema, table.name());
    var indexes = new ArrayList<OwnIndex>();
    if (!table.foreignKeys().isEmpty()) {
      indexes.addAll(indexes(table, table.name()));
    }
    for (var child : children(pointing)) {
      Catalog.table(session, schema, child).ifPresent(t -> indexes.addAll(indexes(t, child)));
    }
    return new Belongings(
        table.foreignKeys(), pointing, triggers(session, schema, table.name()), indexes);
  }

  private static List<OwnIndex> indexes(TableSchema table, String name) {
    return table.indexes().stream()
        .filter(index -> !index.isPrimary() && index.kind().equals("BTREE"))
        .map(index -> new OwnIndex(name, index.name(), index.columns()))
        .toList();
  }

  /** Those of other tables; what a table's keys say of itself is its own. */
  static List<ForeignKey> pointing(Session session, String schema, String table) {
    return Catalog.referencing(session, schema, List.of(table)).stream()
        .filter(key -> !key.table().equalsIgnoreCase(table))
        .toList();
  }

  /** Those of the user. */
  static List<OwnTrigger> triggers(Session session, String schema, String table) {
    var triggers =
        Catalog.triggers(session, schema, List.of(table)).stream()
            .filter(trigger -> !CaptureTable.isOurs(trigger.name()))
            .toList();
    if (triggers.isEmpty()) {
      return List.of();
    }
    Map<String, String> characters =
        session
            .query(
                "SELECT trigger_name AS name, character_set_client AS characters"
                    + " FROM information_schema.triggers"
                    + " WHERE event_object_schema = ? AND event_object_table = ?",
                schema,
                table)
            .stream()
            .collect(Collectors.toMap(row -> row.string("name"), row -> row.string("characters")));
    return triggers.stream()
        .map(t -> new OwnTrigger(t, characters.getOrDefault(t.name(), "utf8mb4")))
        .toList();
  }

  boolean none() {
    return keys.isEmpty() && pointing.isEmpty() && triggers.isEmpty();
  }

  /**
   * As it will be when the columns have their new names.
   *
   * @param shadow with all its indexes
   */
  Belongings mapped(ColumnMap columns, TableSchema shadow, String table) {
    var others = indexes.stream().filter(index -> !index.table().equals(table));
    return new Belongings(
        keys.stream()
            .map(
                key ->
                    new ForeignKey(
                        key.name(),
                        key.table(),
                        mapped(columns, key.columns()),
                        key.referencedSchema(),
                        key.referencedTable(),
                        ofItself(key)
                            ? mapped(columns, key.referencedColumns())
                            : key.referencedColumns(),
                        key.onDelete(),
                        key.onUpdate()))
            .toList(),
        pointing.stream()
            .map(
                key ->
                    new ForeignKey(
                        key.name(),
                        key.table(),
                        key.columns(),
                        key.referencedSchema(),
                        key.referencedTable(),
                        mapped(columns, key.referencedColumns()),
                        key.onDelete(),
                        key.onUpdate()))
            .toList(),
        triggers,
        keys.isEmpty()
            ? others.toList()
            : Stream.concat(indexes(shadow, table).stream(), others).toList());
  }

  /** Whether another look has found the same. */
  boolean same(Belongings other) {
    return keys.equals(other.keys)
        && pointing.equals(other.pointing)
        && triggers.equals(other.triggers);
  }

  private static List<String> mapped(ColumnMap columns, List<String> names) {
    return names.stream().map(name -> columns.of(name).to().name()).toList();
  }

  static boolean ofItself(ForeignKey key) {
    return key.table().equalsIgnoreCase(key.referencedTable());
  }

  /** Tables whose keys point at this one. */
  List<String> children() {
    return children(pointing);
  }

  private static List<String> children(List<ForeignKey> pointing) {
    return pointing.stream().map(ForeignKey::table).distinct().toList();
  }

  /** Other tables at which its own keys point. */
  List<String> parents() {
    return keys.stream()
        .filter(key -> !ofItself(key))
        .map(ForeignKey::referencedTable)
        .distinct()
        .toList();
  }

  /** Everything by its name, for people. */
  String text() {
    return Stream.of(
            keys.stream().map(k -> "foreign key " + k.name()),
            pointing.stream().map(k -> "foreign key " + k.table() + "." + k.name()),
            triggers.stream().map(t -> "trigger " + t.trigger().name()))
        .flatMap(names -> names)
        .collect(Collectors.joining(", "));
  }

  /**
   * {@code ADD CONSTRAINT … FOREIGN KEY …}; what the server does unasked is left out, as it leaves
   * it out.
   */
  static String add(Engine engine, ForeignKey key, String name, String parent) {
    return "ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)%s%s"
        .formatted(
            Sql.name(name),
            Sql.names(key.columns()),
            Sql.name(parent),
            Sql.names(key.referencedColumns()),
            action(engine, " ON DELETE ", key.onDelete()),
            action(engine, " ON UPDATE ", key.onUpdate()));
  }

  private static String action(Engine engine, String word, String action) {
    var unasked =
        switch (engine) {
          case MYSQL -> "NO ACTION";
          case MARIADB -> "RESTRICT";
        };
    return action.equals(unasked) ? "" : word + action;
  }

  /** The statement that makes a trigger on a table. */
  static String create(Trigger trigger, String name, String table) {
    return "CREATE DEFINER = %s TRIGGER %s %s %s ON %s FOR EACH ROW %s"
        .formatted(
            account(trigger.definer()),
            Sql.name(name),
            trigger.timing(),
            trigger.event(),
            Sql.name(table),
            trigger.body());
  }

  private static String account(String definer) {
    var at = definer.lastIndexOf('@');
    return at < 0
        ? Sql.name(definer)
        : Sql.name(definer.substring(0, at)) + "@" + Sql.name(definer.substring(at + 1));
  }

  /**
   * Names for the time in which the old ones are still taken.
   *
   * @param kind one letter
   */
  static String passing(String table, char kind, int number) {
    return String.format(Locale.ROOT, "hal_%08x_%c%d", table.hashCode(), kind, number);
  }

  /**
   * Belongings on their way.
   *
   * @param mark stands in our statements, so that they are not taken for somebody else's
   * @param before as they were when the rebuild, or the keeping, began
   * @param after as they will be; null until the tables are about to be swapped
   */
  record Moving(String mark, Belongings before, @Nullable Belongings after) {
    Moving to(Belongings newAfter) {
      return new Moving(mark, before, newAfter);
    }

    /** {@code ALTER TABLE …} of ours. */
    String alter(String table) {
      return "ALTER /* " + mark + " */ TABLE " + Sql.name(table) + " ";
    }
  }
}
