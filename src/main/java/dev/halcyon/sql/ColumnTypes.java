package dev.halcyon.sql;

import dev.halcyon.model.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be said of two column types without asking the server. */
public final class ColumnTypes {
  /** How a type stands to another one. */
  public enum Step {
    SAME,
    /** Every value of the old type is one of the new type, and prints the same. */
    WIDER,
    /** Same family; some values of the old type are not in the new one. */
    NARROWER,
    /** Values need a mapping. */
    OTHER
  }

  private static final Pattern SHAPE =
      Pattern.compile("(\\w+)\\s*(?:\\(([^)]*)\\))?\\s*(.*)", Pattern.DOTALL);
  private static final List<String> INTEGERS =
      List.of("tinyint", "smallint", "mediumint", "int", "bigint");
  private static final Map<String, Long> TEXT_BYTES =
      Map.of(
          "tinytext", 255L, "text", 65_535L, "mediumtext", 16_777_215L, "longtext", 4_294_967_295L);
  private static final Map<String, Long> BLOB_BYTES =
      Map.of(
          "tinyblob", 255L, "blob", 65_535L, "mediumblob", 16_777_215L, "longblob", 4_294_967_295L);

  private ColumnTypes() {}

  /** Compares types only; nullability, default and comment do not count. */
  public static Step compare(Column from, Column to) {
    String a = from.type().toLowerCase(Locale.ROOT);
    String b = to.type().toLowerCase(Locale.ROOT);
    boolean sameText =
        java.util.Objects.equals(from.characterSet(), to.characterSet())
            && java.util.Objects.equals(from.collation(), to.collation());
    if (a.equals(b)) {
      return sameText ? Step.SAME : Step.OTHER;
    }
    if (!sameText) {
      return Step.OTHER;
    }
    Parts left = Parts.of(from.type());
    Parts right = Parts.of(to.type());
    if (INTEGERS.contains(left.name) && INTEGERS.contains(right.name)) {
      return integers(left, right);
    }
    if (left.isText() && right.isText()) {
      if (right.name.equals("char") && !left.name.equals("char")) {
        return Step.OTHER;
      }
      return left.length(TEXT_BYTES, 4) <= right.length(TEXT_BYTES, 4) ? Step.WIDER : Step.NARROWER;
    }
    if (left.isBinary() && right.isBinary()) {
      return left.length(BLOB_BYTES, 1) <= right.length(BLOB_BYTES, 1) ? Step.WIDER : Step.NARROWER;
    }
    if (!left.name.equals(right.name)) {
      return Step.OTHER;
    }
    return switch (left.name) {
      case "decimal" -> decimals(left, right);
      case "datetime", "timestamp", "time" ->
          left.number(0) <= right.number(0) ? Step.WIDER : Step.NARROWER;
      case "enum", "set" ->
          right.members().size() > left.members().size()
                  && right.members().subList(0, left.members().size()).equals(left.members())
              ? Step.WIDER
              : Step.OTHER;
      case "bit" -> left.number(1) <= right.number(1) ? Step.WIDER : Step.NARROWER;
      default -> Step.OTHER;
    };
  }

  /**
   * A condition that is true for a row whose value does not fit the narrower type, or null when
   * none is known.
   *
   * @param value the column, quoted and qualified
   */
  public static @Nullable String doesNotFit(String value, Column to) {
    Parts type = Parts.of(to.type());
    if (INTEGERS.contains(type.name)) {
      int bits = bits(type.name);
      java.math.BigInteger one = java.math.BigInteger.ONE;
      java.math.BigInteger low =
          type.unsigned() ? java.math.BigInteger.ZERO : one.shiftLeft(bits - 1).negate();
      java.math.BigInteger high =
          (type.unsigned() ? one.shiftLeft(bits) : one.shiftLeft(bits - 1)).subtract(one);
      return value + " NOT BETWEEN " + low + " AND " + high;
    }
    if (type.name.equals("varchar") || type.name.equals("char")) {
      return "CHAR_LENGTH(" + value + ") > " + type.number(1);
    }
    if (TEXT_BYTES.containsKey(type.name) || BLOB_BYTES.containsKey(type.name)) {
      long limit = TEXT_BYTES.getOrDefault(type.name, BLOB_BYTES.getOrDefault(type.name, 0L));
      return "LENGTH(" + value + ") > " + limit;
    }
    if (type.name.equals("varbinary") || type.name.equals("binary")) {
      return "LENGTH(" + value + ") > " + type.number(1);
    }
    if (type.name.equals("decimal")) {
      return value + " <> CAST(" + value + " AS DECIMAL(" + type.arguments + "))";
    }
    if (type.name.equals("datetime") || type.name.equals("timestamp")) {
      return value + " <> CAST(" + value + " AS DATETIME(" + type.number(0) + "))";
    }
    if (type.name.equals("time")) {
      return value + " <> CAST(" + value + " AS TIME(" + type.number(0) + "))";
    }
    return null;
  }

  /** A literal that any column of the type accepts, or null when there is none. */
  public static @Nullable String neutralValue(Column column, boolean mariaDb) {
    Parts type = Parts.of(column.type());
    String literal =
        switch (type.name) {
          case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double" ->
              "0";
          case "bit" -> "b'0'";
          case "char", "varchar", "binary", "varbinary", "set" -> "''";
          case "tinytext",
              "text",
              "mediumtext",
              "longtext",
              "tinyblob",
              "blob",
              "mediumblob",
              "longblob" ->
              mariaDb ? "''" : "('')";
          case "json" -> mariaDb ? "'{}'" : "('{}')";
          case "enum" -> type.members().getFirst();
          case "date" -> "'1970-01-01'";
          case "datetime", "timestamp" -> "'1970-01-02 00:00:00'";
          case "time" -> "'00:00:00'";
          case "year" -> "1970";
          case "uuid" -> "'00000000-0000-0000-0000-000000000000'";
          case "inet6" -> "'::'";
          case "inet4" -> "'0.0.0.0'";
          default -> null;
        };
    if (literal != null && column.check() != null && type.name.endsWith("text")) {
      return "'{}'";
    }
    return literal;
  }

  /** Whether the type takes a literal as its default on every supported server. */
  public static boolean takesLiteralDefault(Column column) {
    Parts type = Parts.of(column.type());
    return !TEXT_BYTES.containsKey(type.name)
        && !BLOB_BYTES.containsKey(type.name)
        && !type.name.equals("json")
        && !type.name.equals("geometry");
  }

  private static Step integers(Parts left, Parts right) {
    int from = bits(left.name);
    int to = bits(right.name);
    if (left.unsigned() == right.unsigned()) {
      return from <= to ? Step.WIDER : Step.NARROWER;
    }
    return left.unsigned() && to > from ? Step.WIDER : Step.NARROWER;
  }

  private static int bits(String integer) {
    return switch (integer) {
      case "tinyint" -> 8;
      case "smallint" -> 16;
      case "mediumint" -> 24;
      case "int" -> 32;
      default -> 64;
    };
  }

  private static Step decimals(Parts left, Parts right) {
    if (left.unsigned() != right.unsigned()) {
      return left.unsigned() ? Step.WIDER : Step.NARROWER;
    }
    int[] from = left.precisionAndScale();
    int[] to = right.precisionAndScale();
    boolean fits = to[1] >= from[1] && to[0] - to[1] >= from[0] - from[1];
    return fits ? Step.WIDER : Step.NARROWER;
  }

  /** A type taken apart: {@code decimal}, {@code 12,2}, {@code unsigned}. */
  private record Parts(String name, String arguments, String rest) {
    static Parts of(String type) {
      String text = type.trim();
      int open = text.indexOf('(');
      int close = text.lastIndexOf(')');
      if (open > 0 && close > open) {
        return new Parts(
            text.substring(0, open).trim().toLowerCase(Locale.ROOT),
            text.substring(open + 1, close),
            text.substring(close + 1).trim().toLowerCase(Locale.ROOT));
      }
      Matcher m = SHAPE.matcher(text);
      return m.matches()
          ? new Parts(m.group(1).toLowerCase(Locale.ROOT), "", m.group(3).toLowerCase(Locale.ROOT))
          : new Parts(text.toLowerCase(Locale.ROOT), "", "");
    }

    boolean unsigned() {
      return rest.contains("unsigned");
    }

    boolean isText() {
      return name.equals("varchar") || name.equals("char") || TEXT_BYTES.containsKey(name);
    }

    boolean isBinary() {
      return name.equals("varbinary") || BLOB_BYTES.containsKey(name);
    }

    /** In bytes, at {@code width} bytes a character. */
    long length(Map<String, Long> large, int width) {
      return large.containsKey(name) ? large.get(name) : (long) number(1) * width;
    }

    int number(int absent) {
      String first = arguments.split(",", -1)[0].trim();
      return first.isEmpty() ? absent : Integer.parseInt(first);
    }

    int[] precisionAndScale() {
      String[] numbers = arguments.split(",", -1);
      int precision = arguments.isBlank() ? 10 : Integer.parseInt(numbers[0].trim());
      int scale = numbers.length > 1 ? Integer.parseInt(numbers[1].trim()) : 0;
      return new int[] {precision, scale};
    }

    List<String> members() {
      var members = new ArrayList<String>();
      Matcher m = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'").matcher(arguments);
      while (m.find()) {
        members.add(m.group());
      }
      return members;
    }
  }
}
