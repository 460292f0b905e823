package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Asks the server which rows of the two tables are not what the change makes of them. */
final class RowQueries {
  private final Shapes shapes;
  private final String source;
  private final String shadow;

  RowQueries(Shapes shapes) {
    this.shapes = shapes;
    this.source = shapes.names().table();
    this.shadow = shapes.names().shadow();
  }

  /**
   * Rows that are to be looked at: one, or a range with too many to name each.
   *
   * @param here condition on the source
   * @param there condition on the shadow table
   * @param key for people
   * @param rows at least so many
   */
  record Doubt(String here, String there, String key, int rows) {
    /** Everything between two keys. */
    static Doubt range(String here, String there) {
      return new Doubt(here, there, "", 0);
    }
  }

  /**
   * Looks at the rows of a range, in one statement, which sees both tables in one state.
   *
   * @param range conditions on both tables
   * @param most that are named each
   * @return as {@link #named}
   */
  List<Doubt> differing(Session session, Doubt range, int most) {
    var counts = session.query(counting(range)).getFirst();
    var agree =
        counts.longValue("differ") == 0 && counts.longValue("here") == counts.longValue("there");
    return agree ? List.of() : named(session, range, most);
  }

  /**
   * Names the rows of a range that differ or are in one table only.
   *
   * @return each, or the range itself when they are more than {@code most}
   */
  List<Doubt> named(Session session, Doubt range, int most) {
    var found = new ArrayList<Doubt>();
    for (var sql : List.of(unlike(range.here(), true), missing(range.there(), true))) {
      session.query(sql + " LIMIT " + (most + 1)).forEach(row -> found.add(doubt(row)));
    }
    return found.size() > most
        ? List.of(
            new Doubt(range.here(), range.there(), found.getFirst().key() + " and more", most + 1))
        : found;
  }

  /** Whether all rows in doubt agree by now. */
  boolean agree(Session session, List<Doubt> some) {
    return session.first(unlike(any(some, Doubt::here), false) + " LIMIT 1").isEmpty()
        && session.first(missing(any(some, Doubt::there), false) + " LIMIT 1").isEmpty();
  }

  private static String any(List<Doubt> some, Function<Doubt, String> side) {
    return some.stream().map(side).collect(Collectors.joining(") OR (", "((", "))"));
  }

  private String counting(Doubt range) {
    return """
        SELECT (SELECT COUNT(*) FROM %s WHERE %s) AS there, COUNT(*) AS here,
               COALESCE(SUM(%s), 0) AS differ
          FROM %s WHERE %s
        """
        .formatted(Sql.name(shadow), range.there(), unequal(), joined(true), range.here());
  }

  /** Rows of the source that the other table has not, or has otherwise. */
  private String unlike(String here, boolean keys) {
    return "SELECT %s FROM %s WHERE %s AND %s"
        .formatted(keys ? keyColumns(source, shapes.key()) : "1", joined(true), here, unequal());
  }

  /** Rows of the shadow table that the source has not. */
  private String missing(String there, boolean keys) {
    return "SELECT %s FROM %s WHERE %s AND %s IS NULL"
        .formatted(
            keys ? keyColumns(shadow, shapes.shadowKey()) : "1",
            joined(false),
            there,
            Sql.name(source, shapes.key().getFirst()));
  }

  /** Under LOCK TABLES a table may stand in a statement once, and under its own name. */
  private String joined(boolean fromSource) {
    return "%s LEFT JOIN %s ON %s"
        .formatted(
            Sql.name(fromSource ? source : shadow),
            Sql.name(fromSource ? shadow : source),
            shapes.sameKey(source, shadow));
  }

  private String unequal() {
    return "(%s IS NULL OR NOT (%s))"
        .formatted(Sql.name(shadow, shapes.shadowKey().getFirst()), shapes.equal(source, shadow));
  }

  /** Literals that mean exactly the key's values. */
  private String keyColumns(String table, List<String> columns) {
    var schema = table.equals(source) ? shapes.source() : shapes.shadow();
    return columns.stream()
        .map(name -> literal(schema.column(name).orElseThrow(), Sql.name(table, name)))
        .collect(Collectors.joining(", "));
  }

  static String literal(Column column, String name) {
    if (column.isText()) {
      return "CONCAT('_%s x''', HEX(%s), '''')".formatted(column.characterSet(), name);
    }
    return switch (ColumnMap.word(column)) {
      case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" ->
          "CAST(" + name + " AS CHAR)";
      case "bit" -> "CAST(" + name + " + 0 AS CHAR)";
      case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
          "CONCAT('x''', HEX(" + name + "), '''')";
      default -> "QUOTE(" + name + ")";
    };
  }

  private Doubt doubt(Row row) {
    var here = new ArrayList<String>();
    var there = new ArrayList<String>();
    var values = new ArrayList<String>();
    for (var i = 0; i < shapes.key().size(); i++) {
      var value = row.string(i + 1);
      here.add(Sql.name(source, shapes.key().get(i)) + " = " + value);
      there.add(Sql.name(shadow, shapes.shadowKey().get(i)) + " = " + value);
      values.add(value);
    }
    return new Doubt(
        String.join(" AND ", here), String.join(" AND ", there), String.join(", ", values), 1);
  }
}
