package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.sql.ColumnTypes;
import java.util.Locale;
import java.util.regex.Pattern;

/** How the types of columns stand to each other when not all of both is written. */
final class Types {
  private static final Pattern WIDTH =
      Pattern.compile("(?i)((?:tiny|small|medium|big)?int)\\(\\d+\\)");

  private Types() {}

  /** Character sets and collations do not count: files leave them out, and H203 looks at them. */
  static ColumnTypes.Step compare(Column before, Column after) {
    return ColumnTypes.compare(plain(before), plain(after));
  }

  /** ENUM and SET, whose members H109 looks at. */
  static boolean isList(Column column) {
    String type = column.type().toLowerCase(Locale.ROOT);
    return type.startsWith("enum(") || type.startsWith("set(");
  }

  /** A display width is no part of the values. */
  private static Column plain(Column column) {
    return new Column(
        column.name(),
        WIDTH.matcher(column.type()).replaceAll("$1"),
        null,
        null,
        column.nullable(),
        null,
        null,
        null,
        false,
        false,
        null,
        "");
  }
}
