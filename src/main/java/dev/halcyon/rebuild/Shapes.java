package dev.halcyon.rebuild;

import dev.halcyon.binlog.WatchedTable;
import dev.halcyon.model.Index;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.sql.Sql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two shapes of a table under rebuild and the way from one to the other.
 *
 * @param names of the tables
 * @param source as the catalogue tells it
 * @param shadow with all its indexes, as it will be in the end
 * @param key the columns by which the source is worked through
 * @param forward of a way back: the way that led here, which proves that nothing was lost
 */
record Shapes(
    String schema,
    ShadowNames names,
    TableSchema source,
    TableSchema shadow,
    ColumnMap columns,
    List<String> key,
    @Nullable ColumnMap forward) {
  /** The temporary table of captured rows, in the old shape. */
  static final String DELTA = "hal_delta";

  Shapes {
    key = List.copyOf(key);
  }

  /** Whether the present table is the new one, and the other the old one. */
  boolean leadBack() {
    return forward != null;
  }

  /** A condition that holds when rows of the two tables, or of others like them, agree. */
  String equal(String sourceAlias, String shadowAlias) {
    return forward == null
        ? columns.equal(sourceAlias, shadowAlias)
        : forward.equal(shadowAlias, sourceAlias);
  }

  List<String> shadowKey() {
    return key.stream().map(column -> columns.of(column).to().name()).toList();
  }

  WatchedTable watched() {
    return new WatchedTable(schema, source.name(), source.columns());
  }

  TableKey sourceKey(Session session) {
    var read = TableKey.read(session, names.table(), key);
    read.prepare(session);
    return read;
  }

  /** Indexes that are left off until all rows are there, because building them sorted is faster. */
  List<Index> deferred() {
    return shadow.indexes().stream().filter(this::deferrable).toList();
  }

  private boolean deferrable(Index index) {
    var needed =
        shadow.columns().stream()
            .anyMatch(c -> c.autoIncrement() && c.name().equalsIgnoreCase(first(index)));
    return !index.isPrimary()
        && index.kind().equals("BTREE")
        && !needed
        && !index.columns().equals(shadowKey());
  }

  private static String first(Index index) {
    return index.columns().isEmpty() ? "" : index.columns().getFirst();
  }

  /** {@code INSERT INTO shadow (…) SELECT … FROM from}, still without WHERE. */
  String insertFrom(String from) {
    return "INSERT INTO %s %s SELECT %s FROM %s"
        .formatted(
            Sql.name(names.shadow()), columns.targets(), columns.values(from), Sql.name(from));
  }

  /** {@code ON s.id = d.id}, of the given aliases. */
  String sameKey(String oldAlias, String newAlias) {
    var text = new StringBuilder();
    for (var column : key) {
      text.append(text.isEmpty() ? "" : " AND ")
          .append(Sql.name(oldAlias, column))
          .append(" = ")
          .append(Sql.name(newAlias, columns.of(column).to().name()));
    }
    return text.toString();
  }
}
