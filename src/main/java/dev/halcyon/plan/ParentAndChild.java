package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.Version;
import dev.halcyon.sql.Sql;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Columns of a parent table that stand in a child table as well. The parent's columns equal those
 * of its first child, the one with the smallest key; a parent without a child holds what a row gets
 * that does not mention them: NULL, or their defaults.
 *
 * @param parentKey the parent's column that {@code by} refers to
 * @param columns the parent's; {@code childColumns} are their counterparts in the same order
 * @param childKey the child's AUTO_INCREMENT key
 * @param cascades whether a foreign key deletes the children together with their parent
 */
record ParentAndChild(
    Version version,
    String parent,
    Column parentKey,
    List<Column> columns,
    String child,
    Column childKey,
    Column by,
    List<Column> childColumns,
    boolean cascades) {
  /** The column of the side table that holds the first child's key. */
  static final String FIRST = "hal_child";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

  ParentAndChild {
    columns = List.copyOf(columns);
    childColumns = List.copyOf(childColumns);
    if (columns.isEmpty() || columns.size() != childColumns.size()) {
      throw new IllegalArgumentException("as many columns in the child as in the parent");
    }
  }

  /** The side table: for every parent the key of its first child, or NULL. */
  String side() {
    return ObjectNames.of(version, child + "_first");
  }

  /** The user variable that tells the triggers of the other table to stand aside. */
  String guard() {
    return "@" + Sql.name(ObjectNames.of(version, child));
  }

  /**
   * Puts the names into a text: {@code {parent}}, its {@code {key}}, {@code {child}}, its {@code
   * {id}} and {@code {by}}, the {@code {side}} table and its {@code {first}}, the {@code {guard}}.
   * Other braces stay.
   */
  String sql(String template) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(m -> Matcher.quoteReplacement(name(m.group(1))));
  }

  private String name(String placeholder) {
    return switch (placeholder) {
      case "parent" -> Sql.name(parent);
      case "key" -> Sql.name(parentKey.name());
      case "child" -> Sql.name(child);
      case "id" -> Sql.name(childKey.name());
      case "by" -> Sql.name(by.name());
      case "side" -> Sql.name(side());
      case "first" -> Sql.name(FIRST);
      case "guard" -> guard();
      default -> "{" + placeholder + "}";
    };
  }

  String triggerName(String table, String suffix) {
    String other = table.equals(parent) ? child : parent;
    return ObjectNames.of(version, table + "_" + other + "_" + suffix);
  }

  /** {@code `a`, `b`} of the child. */
  String childNames() {
    return join(", ", this::childName);
  }

  String childName(int index) {
    return Sql.name(childColumns.get(index).name());
  }

  String parentName(int index) {
    return Sql.name(columns.get(index).name());
  }

  /** {@code x.`a`, x.`b`} of the parent. */
  String parentValues(String row) {
    return join(", ", i -> row + "." + parentName(i));
  }

  /** Whether a row of the parent says anything in these columns. */
  String parentHasValue(String row) {
    return "NOT ("
        + join(
            " AND ",
            i -> {
              Column column = columns.get(i);
              String value = row + "." + Sql.name(column.name());
              return column.nullable()
                  ? value + " IS NULL"
                  : Equality.ofOne(column, value, absent(i));
            })
        + ")";
  }

  /** Whether a row of the parent and one of the child hold the same, byte for byte. */
  String same(String parentRow, String childRow) {
    return join(
        " AND ",
        i ->
            Equality.ofOne(
                columns.get(i), parentRow + "." + parentName(i), childRow + "." + childName(i)));
  }

  /** Whether an update left the columns of the table as they were. */
  static String unchanged(List<Column> columns) {
    return columns.stream()
        .map(c -> Equality.ofOne(c, "OLD." + Sql.name(c.name()), "NEW." + Sql.name(c.name())))
        .collect(Collectors.joining(" AND "));
  }

  /** The type for a declaration that shall hold the column's values unchanged. */
  static String type(Column column) {
    return column.type()
        + (column.characterSet() == null ? "" : " CHARACTER SET " + column.characterSet())
        + (column.collation() == null ? "" : " COLLATE " + column.collation());
  }

  /** What the parent's column holds when there is no child. */
  String absent(int index) {
    String value = columns.get(index).defaultValue();
    return value == null ? "NULL" : value;
  }

  /** One text for each pair of columns. */
  String join(String separator, IntFunction<String> text) {
    return IntStream.range(0, columns.size()).mapToObj(text).collect(Collectors.joining(separator));
  }
}
