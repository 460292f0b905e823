package dev.halcyon.binlog;

import dev.halcyon.model.Column;
import dev.halcyon.sql.Sql;
import java.util.List;

/**
 * A table whose changes are wanted.
 *
 * @param columns all that it has, in order, as the catalogue tells them now
 */
public record WatchedTable(String schema, String name, List<Column> columns) {
  public WatchedTable {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a table has columns");
    }
  }

  /** The place of a column, from 0. */
  public int indexOf(String column) {
    for (var i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column " + column + " in " + name);
  }

  /** Whether the log's form of the column's values is understood. */
  public static boolean readable(Column column) {
    return ColumnCode.known(column.type());
  }

  @Override
  public String toString() {
    return Sql.name(schema, name);
  }
}
