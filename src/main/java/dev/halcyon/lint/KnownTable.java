package dev.halcyon.lint;

import dev.halcyon.model.Check;
import dev.halcyon.model.Column;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a table.
 *
 * @param whole whether nothing is missing: of a table that no file creates only what was added to
 *     it is known
 * @param rows the server's estimate, or less than 0 when no server was asked
 */
public record KnownTable(
    String name,
    boolean whole,
    List<Column> columns,
    List<Index> indexes,
    List<ForeignKey> foreignKeys,
    List<Check> checks,
    List<Trigger> triggers,
    long rows) {
  static final long UNKNOWN_ROWS = -1;

  public KnownTable {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    foreignKeys = List.copyOf(foreignKeys);
    checks = List.copyOf(checks);
    triggers = List.copyOf(triggers);
  }

  /** Of a table that a server has. */
  public static KnownTable of(TableSchema table) {
    return new KnownTable(
        table.name(),
        true,
        table.columns(),
        table.indexes(),
        table.foreignKeys(),
        table.checks(),
        table.triggers(),
        table.rows());
  }

  static KnownTable unknown(String name) {
    return new KnownTable(
        name, false, List.of(), List.of(), List.of(), List.of(), List.of(), UNKNOWN_ROWS);
  }

  Optional<Column> column(String columnName) {
    return columns.stream().filter(c -> c.name().equalsIgnoreCase(columnName)).findFirst();
  }

  Optional<Index> index(String indexName) {
    return indexes.stream().filter(i -> i.name().equalsIgnoreCase(indexName)).findFirst();
  }

  /** Whether an index begins with these columns, in any order. */
  boolean indexed(List<String> names) {
    return indexes.stream().anyMatch(i -> begins(i, names));
  }

  /** Whether a key over exactly these columns lets no value stand twice. */
  boolean unique(List<String> names) {
    return indexes.stream()
        .anyMatch(i -> i.unique() && i.columns().size() == names.size() && begins(i, names));
  }

  /** Whether its rows can be told apart: a primary key, or a unique one without NULLs. */
  boolean hasKey() {
    return indexes.stream()
        .anyMatch(
            i ->
                i.isPrimary()
                    || (i.unique()
                        && i.parts().stream()
                            .allMatch(p -> p.column() != null && required(p.column()))));
  }

  private boolean required(String columnName) {
    return column(columnName).map(c -> !c.nullable()).orElse(false);
  }

  private static boolean begins(Index index, List<String> names) {
    List<String> columns = index.columns();
    return !names.isEmpty()
        && columns.size() >= names.size()
        && columns.subList(0, names.size()).stream()
            .allMatch(c -> names.stream().anyMatch(c::equalsIgnoreCase));
  }

  KnownTable withName(String newName) {
    return new KnownTable(newName, whole, columns, indexes, foreignKeys, checks, triggers, rows);
  }

  KnownTable withColumns(List<Column> newColumns) {
    return new KnownTable(name, whole, newColumns, indexes, foreignKeys, checks, triggers, rows);
  }

  KnownTable withIndexes(List<Index> newIndexes) {
    return new KnownTable(name, whole, columns, newIndexes, foreignKeys, checks, triggers, rows);
  }

  KnownTable withForeignKeys(List<ForeignKey> newKeys) {
    return new KnownTable(name, whole, columns, indexes, newKeys, checks, triggers, rows);
  }

  KnownTable withChecks(List<Check> newChecks) {
    return new KnownTable(name, whole, columns, indexes, foreignKeys, newChecks, triggers, rows);
  }

  KnownTable withTriggers(List<Trigger> newTriggers) {
    return new KnownTable(name, whole, columns, indexes, foreignKeys, checks, newTriggers, rows);
  }

  KnownTable withRows(long newRows) {
    return new KnownTable(name, whole, columns, indexes, foreignKeys, checks, triggers, newRows);
  }
}
