package dev.halcyon.plan;

import dev.halcyon.model.Column;
import java.util.Objects;

/** SQL that is true when two values are identical, NULLs included, whatever the collation says. */
final class Equality {
  private Equality() {}

  /** Two values of one column. */
  static String ofOne(Column column, String a, String b) {
    return column.isText() ? bytes(a) + " <=> " + bytes(b) : a + " <=> " + b;
  }

  /**
   * A value of {@code column} and what an expression gives for it.
   *
   * @param expressionType the column that the expression merely repeats, or another one when it
   *     computes something
   */
  static String ofMapped(Column column, String value, Column expressionType, String expression) {
    if (!column.isText()) {
      return value + " <=> " + expression;
    }
    if (expressionType.isText()
        && Objects.equals(column.characterSet(), expressionType.characterSet())) {
      return bytes(value) + " <=> " + bytes(expression);
    }
    return bytes("CONVERT(" + value + " USING utf8mb4)")
        + " <=> "
        + bytes("CONVERT(" + expression + " USING utf8mb4)");
  }

  private static String bytes(String text) {
    return "CAST(" + text + " AS BINARY)";
  }
}
