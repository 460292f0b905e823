package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which column of the new shape takes its value from which of the old one. Copied rows and captured
 * changes pass the same expressions, in the server.
 *
 * @param pairs in the order of the new table; generated columns have none
 * @param implied added columns that cannot be NULL and have no default, with the value that the
 *     server implies for them
 * @param kept columns of the target that take no value and keep the one that their row has
 */
record ColumnMap(List<Pair> pairs, List<Implied> implied, List<Column> kept) {
  private static final Set<String> NUMBERS =
      Set.of(
          "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit");
  private static final Set<String> TEXTS =
      Set.of(
          "char",
          "varchar",
          "tinytext",
          "text",
          "mediumtext",
          "longtext",
          "binary",
          "varbinary",
          "tinyblob",
          "blob",
          "mediumblob",
          "longblob");

  record Pair(Column from, Column to) {}

  record Implied(Column to, String value) {}

  ColumnMap {
    pairs = List.copyOf(pairs);
    implied = List.copyOf(implied);
    kept = List.copyOf(kept);
  }

  /**
   * @throws Refusal HAL-301 for an added column whose value the server would not imply
   */
  static ColumnMap of(TableSchema source, TableSchema shadow, List<AlterClause> clauses) {
    var origins = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    var added = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (var clause : clauses) {
      switch (clause) {
        case AlterClause.RenameColumn rename -> origins.put(rename.to(), rename.from());
        case AlterClause.ChangeColumn change -> origins.put(change.to(), change.from());
        case AlterClause.AddColumn add -> added.add(add.column());
        default -> {}
      }
    }
    var pairs = new ArrayList<Pair>();
    var implied = new ArrayList<Implied>();
    for (var column : shadow.columns()) {
      if (column.generated() != null) {
        continue;
      }
      var origin = origins.getOrDefault(column.name(), column.name());
      var from = source.column(origin);
      if (from.isPresent() && !added.contains(column.name())) {
        pairs.add(new Pair(from.get(), column));
      } else if (!column.nullable() && column.defaultValue() == null) {
        implied.add(new Implied(column, implied(column, "rows that are there")));
      }
    }
    return new ColumnMap(pairs, implied, List.of());
  }

  /**
   * The way back.
   *
   * @param former the table of the shape that is gone back to
   * @throws Refusal HAL-301 for a column that new rows would have no value for
   */
  ColumnMap back(TableSchema former) {
    var back = new ArrayList<Pair>();
    var lacking = new ArrayList<Implied>();
    var keeping = new ArrayList<Column>();
    for (var column : former.columns()) {
      if (column.generated() != null) {
        continue;
      }
      if (maps(column.name())) {
        back.add(new Pair(of(column.name()).to(), column));
      } else {
        keeping.add(column);
        if (!column.nullable() && column.defaultValue() == null) {
          lacking.add(new Implied(column, implied(column, "rows that come")));
        }
      }
    }
    return new ColumnMap(back, lacking, keeping);
  }

  /**
   * @param rows which ones need it
   */
  private static String implied(Column column, String rows) {
    var word = word(column);
    if (NUMBERS.contains(word) && !column.autoIncrement()) {
      return "0";
    }
    if (TEXTS.contains(word)) {
      return "''";
    }
    throw ErrorCode.NOT_SUPPORTED.refuse(
        "The column %s (%s) has no value for %s.".formatted(column.name(), column.type(), rows),
        "Give it a DEFAULT.");
  }

  static String word(Column column) {
    return column.type().replaceFirst("[^a-z].*", "");
  }

  /** {@code (`a`, `b`)}, the columns that an INSERT names. */
  String targets() {
    var names = new ArrayList<String>();
    pairs.forEach(pair -> names.add(pair.to().name()));
    implied.forEach(value -> names.add(value.to().name()));
    return "(" + Sql.names(names) + ")";
  }

  /** What a SELECT from a table of the old shape gives for {@link #targets}. */
  String values(String alias) {
    var values = new ArrayList<String>();
    pairs.forEach(pair -> values.add(Sql.name(alias, pair.from().name())));
    implied.forEach(value -> values.add(value.value()));
    return String.join(", ", values);
  }

  /** The new name of a column of the old shape. */
  Pair of(String oldName) {
    return pairs.stream()
        .filter(pair -> pair.from().name().equalsIgnoreCase(oldName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nothing takes its value from " + oldName));
  }

  boolean maps(String oldName) {
    return pairs.stream().anyMatch(pair -> pair.from().name().equalsIgnoreCase(oldName));
  }

  /** A condition that holds when a row of the new table is what the old row maps to. */
  String equal(String oldAlias, String newAlias) {
    return pairs.stream()
        .map(pair -> Equal.of(pair, oldAlias, newAlias))
        .collect(Collectors.joining(" AND "));
  }
}
