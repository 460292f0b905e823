package dev.halcyon.pair.proof;

import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.ColumnTypes;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is written for a proof: rows of the real table, or one made up if it has none. Pure. */
final class SampleRows {
  private static final int ROWS = 3;

  private final String schema;
  private final TableSchema real;
  private final boolean empty;
  private final Engine engine;

  /**
   * @param schema in which the real table stands
   * @param real as it is
   * @param empty whether it has no row
   */
  SampleRows(String schema, TableSchema real, boolean empty, Engine engine) {
    this.schema = schema;
    this.real = real;
    this.empty = empty;
    this.engine = engine;
  }

  /**
   * Inserts rows, changes them and deletes one.
   *
   * @param shape what the rows are written into
   * @param former the old names of renamed columns
   * @return nothing if no row can be made up
   */
  Optional<List<String>> into(TableSchema shape, Map<String, String> former) {
    var targets = new ArrayList<String>();
    var values = new ArrayList<String>();
    for (Column column : shape.columns()) {
      var old = real.column(former.getOrDefault(column.name(), column.name()));
      if (column.generated() == null && old.isPresent()) {
        targets.add(column.name());
        values.add(empty ? literal(column) : Sql.name(old.get().name()));
      }
    }
    if (targets.isEmpty() || values.contains("")) {
      return Optional.empty();
    }
    var insert = "INSERT INTO " + Sql.name(shape.name()) + " (" + Sql.names(targets) + ") SELECT ";
    var all = new ArrayList<String>();
    all.add(
        insert
            + String.join(", ", values)
            + (empty ? "" : " FROM " + Sql.name(schema, real.name()) + " LIMIT " + ROWS));
    changed(shape).ifPresent(all::add);
    if (!empty) {
      all.add("DELETE FROM " + Sql.name(shape.name()) + " LIMIT 1");
    }
    return Optional.of(List.copyOf(all));
  }

  /** NULL where it may be: what has a default on the other side shows itself. */
  private static Optional<String> changed(TableSchema shape) {
    var columns =
        shape.columns().stream()
            .filter(c -> c.nullable() && c.generated() == null && c.check() == null)
            .filter(c -> shape.indexes().stream().noneMatch(i -> i.uses(c.name())))
            .map(c -> Sql.name(c.name()) + " = NULL")
            .collect(Collectors.joining(", "));
    return columns.isEmpty() || !shape.checks().isEmpty()
        ? Optional.empty()
        : Optional.of("UPDATE " + Sql.name(shape.name()) + " SET " + columns + " LIMIT 1");
  }

  private String literal(Column column) {
    var literal = ColumnTypes.neutralValue(column, engine == Engine.MARIADB);
    return Objects.requireNonNullElse(literal, column.nullable() ? "NULL" : "");
  }
}
