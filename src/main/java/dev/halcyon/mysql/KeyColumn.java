package dev.halcyon.mysql;

import dev.halcyon.sql.Sql;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One column of a key.
 *
 * @param characterSet of a text column, else null
 * @param members of an ENUM, else 0
 * @param descending whether the index runs from the greatest value to the least
 */
record KeyColumn(
    String name,
    KeyType type,
    @Nullable String characterSet,
    int members,
    boolean timestamp,
    boolean descending) {
  /** A longer list of an ENUM's numbers would cost more to plan than the index saves. */
  private static final int MOST_MEMBERS = 300;

  /** Where a value stands in the order of the index. */
  enum Relation {
    BEFORE("<", ">"),
    UP_TO("<=", ">="),
    AT("=", "="),
    FROM(">=", "<="),
    BEHIND(">", "<");

    private final String ascending;
    private final String descending;

    Relation(String ascending, String descending) {
      this.ascending = ascending;
      this.descending = descending;
    }
  }

  String qualified(String alias) {
    return Sql.name(alias, name);
  }

  /** A condition that an index over the column serves. */
  String condition(String alias, Relation relation, String value) {
    var column = qualified(alias);
    var operator = descending ? relation.descending : relation.ascending;
    if (type == KeyType.DATE && partlyZero(value)) {
      return "CAST(" + column + " AS CHAR) " + operator + " '" + value + "'";
    }
    if (type == KeyType.ENUM && members <= MOST_MEMBERS && relation != Relation.AT) {
      return numbers(column, operator, Integer.parseInt(value));
    }
    return column + " " + operator + " " + literal(value);
  }

  String order(String alias) {
    return qualified(alias) + (descending ? " DESC" : "");
  }

  String reverseOrder(String alias) {
    return qualified(alias) + (descending ? "" : " DESC");
  }

  private String literal(String value) {
    return switch (type) {
      case NUMBER, BIT, ENUM, SET -> value;
      case TEXT -> "_" + characterSet + " x'" + value + "'";
      case BINARY -> "x'" + value + "'";
      // MySQL's strict mode takes the zero date as a number only.
      case DATE -> zero(value) ? "0" : "'" + value + "'";
      case WORD -> "'" + value + "'";
    };
  }

  private String numbers(String column, String operator, int value) {
    var from =
        switch (operator) {
          case ">" -> value + 1;
          case ">=" -> value;
          default -> 0;
        };
    var end =
        switch (operator) {
          case "<" -> value;
          case "<=" -> value + 1;
          default -> members + 1;
        };
    if (from >= end) {
      return "FALSE";
    }
    return IntStream.range(from, end)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", column + " IN (", ")"));
  }

  private static boolean zero(String value) {
    return value.startsWith("0000-00-00");
  }

  /** 2020-00-10: strict mode takes it neither as text nor as a number. */
  private static boolean partlyZero(String value) {
    return !zero(value)
        && (value.startsWith("0000-")
            || value.substring(4).startsWith("-00")
            || value.startsWith("-00", 7));
  }
}
