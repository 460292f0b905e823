package dev.halcyon.model;

import java.util.List;
import java.util.Optional;

/**
 * A table as the server's catalogue tells it.
 *
 * @param showCreate the server's own CREATE TABLE text
 * @param rows the server's estimate
 * @param bytes data and indexes, the server's estimate
 */
public record TableSchema(
    String name,
    String engine,
    List<Column> columns,
    List<Index> indexes,
    List<ForeignKey> foreignKeys,
    List<Check> checks,
    List<Trigger> triggers,
    boolean partitioned,
    String showCreate,
    long rows,
    long bytes) {
  public TableSchema {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    foreignKeys = List.copyOf(foreignKeys);
    checks = List.copyOf(checks);
    triggers = List.copyOf(triggers);
  }

  public Optional<Column> column(String columnName) {
    return columns.stream().filter(c -> c.name().equalsIgnoreCase(columnName)).findFirst();
  }

  public Optional<Index> index(String indexName) {
    return indexes.stream().filter(i -> i.name().equalsIgnoreCase(indexName)).findFirst();
  }

  public Optional<Index> primaryKey() {
    return indexes.stream().filter(Index::isPrimary).findFirst();
  }

  /**
   * The key by which the table is worked through in chunks: the primary key, else the shortest
   * unique key over whole columns that cannot be NULL.
   */
  public Optional<Index> chunkKey() {
    Optional<Index> primary = primaryKey();
    if (primary.isPresent() && isWhole(primary.get())) {
      return primary;
    }
    return indexes.stream()
        .filter(Index::unique)
        .filter(this::isWhole)
        .min((a, b) -> Integer.compare(a.parts().size(), b.parts().size()));
  }

  private boolean isWhole(Index index) {
    return index.parts().stream()
        .allMatch(
            p ->
                p.column() != null
                    && p.prefix() == null
                    && column(p.column()).map(c -> !c.nullable()).orElse(false));
  }
}
