package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user variable with its exact type and value.
 *
 * @param raw the value's bytes; of a number its digits, as far as the character set has them
 * @param text the value as UTF-8, which a number is read from; null for NULL
 */
record UserVariable(
    String name,
    Answer.Column type,
    @Nullable Bytes raw,
    @Nullable Bytes text,
    String characterSet,
    String collation) {
  private static final int BIGINT = 8;
  private static final int DOUBLE = 5;
  private static final int DECIMAL = 246;

  /** MariaDB tells a session its own. */
  static Order names() {
    return new Order.Query(
        "SET STATEMENT sql_big_selects = 1 FOR SELECT "
            + Sql.raw(Sql.utf8("variable_name"))
            + " FROM information_schema.user_variables LIMIT 1000000");
  }

  static List<String> names(Answer answer) {
    return Replies.rows(answer).rows().stream()
        .map(row -> Objects.requireNonNull(row.getFirst()).utf8())
        .toList();
  }

  /**
   * Two queries: the types, without a row, and the values.
   *
   * @param names in ASCII; not empty
   */
  static List<Order> orders(Collection<String> names) {
    var types = new ArrayList<String>();
    var values = new ArrayList<String>();
    for (var name : names) {
      if (!name.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        throw new UnmovableException("the name of its user variable @" + name + " is not ASCII");
      }
      String variable = "@" + Sql.name(name);
      types.add(variable);
      values.add(Sql.raw(variable));
      values.add(Sql.raw(Sql.utf8(variable)));
      values.add(Sql.raw(Sql.utf8("CHARSET(" + variable + ")")));
      values.add(Sql.raw(Sql.utf8("COLLATION(" + variable + ")")));
    }
    return List.of(
        new Order.Query("SELECT " + String.join(",", types) + " LIMIT 0"),
        new Order.Query("SELECT " + String.join(",", values) + " LIMIT 1"));
  }

  /**
   * @param answers to {@link #orders} of the same names
   */
  static List<UserVariable> read(Collection<String> names, List<Answer> answers) {
    var types = Replies.rows(answers.get(0)).columns();
    var row = Replies.row(answers.get(1));
    var variables = new ArrayList<UserVariable>();
    int at = 0;
    for (var name : names) {
      variables.add(
          new UserVariable(
              name,
              types.get(at),
              row.get(4 * at),
              row.get(4 * at + 1),
              Objects.requireNonNull(row.get(4 * at + 2)).utf8(),
              Objects.requireNonNull(row.get(4 * at + 3)).utf8()));
      at++;
    }
    return variables;
  }

  /** Within a SET: gives it the same type and value. */
  String assignment() {
    return "@" + Sql.name(name) + " = " + literal();
  }

  private String literal() {
    if (raw == null) {
      return "NULL";
    }
    String digits = text == null ? "" : text.utf8();
    return switch (type.type()) {
      case BIGINT -> type.unsigned() ? "CAST(" + digits + " AS UNSIGNED)" : digits;
      case DOUBLE -> digits.contains("e") ? digits : digits + "e0";
      case DECIMAL -> digits.contains(".") ? digits : "CAST(" + digits + " AS DECIMAL(65,0))";
      default -> Sql.text(characterSet, raw) + " COLLATE " + Sql.name(collation);
    };
  }
}
