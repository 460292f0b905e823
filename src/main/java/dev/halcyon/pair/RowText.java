package dev.halcyon.pair;

import dev.halcyon.model.Column;
import dev.halcyon.sql.Sql;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** SQL for the values of rows, so that two servers can be compared by them. */
public final class RowText {
  private RowText() {}

  /** What a server has, in columns that it does not compute itself. */
  public static List<Column> stored(List<Column> columns) {
    return columns.stream().filter(column -> column.generated() == null).toList();
  }

  /** A reading that comes back as the same value. */
  public static String reading(Column column) {
    var name = Sql.name(column.name());
    var type = column.type().toLowerCase(Locale.ROOT);
    if (type.startsWith("float")) {
      return name + " + 0e0";
    }
    return type.startsWith("bit") ? name + " + 0" : name;
  }

  /** A whole row as one text that no other row has. */
  public static String whole(List<Column> columns) {
    // HEX of a number would round it.
    return columns.stream()
        .map(column -> "COALESCE(HEX(CONCAT(" + reading(column) + ")), 'null')")
        .collect(Collectors.joining(", ", "CONCAT_WS('#', ", ")"));
  }

  /** How many rows there are, and a sum over them. */
  public static String sum(List<Column> columns) {
    return "CONCAT(COUNT(*), ' ', COALESCE(BIT_XOR(CRC32(" + whole(columns) + ")), 0))";
  }

  /** An expression whose value is the column's value as SQL text; NULL for NULL. */
  static String literal(Column column) {
    var type = column.type().toLowerCase(Locale.ROOT);
    if (type.matches("(tiny|small|medium|big)?int.*|decimal.*|float.*|double.*|year.*|bit.*")) {
      return "CONCAT(" + reading(column) + ")";
    }
    var name = Sql.name(column.name());
    return type.matches(
            "(var)?binary.*|\\w*blob|geometry|point|linestring|polygon|multi\\w+|geom\\w+")
        ? "CONCAT('X''', HEX(" + name + "), '''')"
        : "QUOTE(" + name + ")";
  }

  /** An expression whose value is a condition; NULL if one of the values is. */
  public static String condition(List<Column> columns) {
    return columns.stream()
        .map(
            column ->
                "CONCAT("
                    + Sql.literal(Sql.name(column.name()) + " = ")
                    + ", NULLIF("
                    + literal(column)
                    + ", 'NULL'))")
        .collect(Collectors.joining(", ' AND ', ", "CONCAT(", ")"));
  }

  /** An expression whose value is {@code `a` = 1, `b` = NULL}. */
  public static String assignments(List<Column> columns) {
    return columns.stream()
        .map(
            column ->
                "CONCAT("
                    + Sql.literal(Sql.name(column.name()) + " = ")
                    + ", COALESCE("
                    + literal(column)
                    + ", 'NULL'))")
        .collect(Collectors.joining(", ", "CONCAT_WS(', ', ", ")"));
  }
}
