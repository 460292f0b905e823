package dev.halcyon.pair.judge;

import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column's values lie in a row of the binary log. Two columns fit each other if these are
 * equal; what they mean, sign, members and character set, the log does not say.
 *
 * @param family of types that can be converted into each other
 * @param size grows with what fits: bytes of an integer, octets of a text
 * @param detail what must be equal besides: the scale of a decimal
 */
record RowType(String family, long size, int detail) {
  private static final Pattern MEMBER = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'");
  private static final Pattern SHAPE =
      Pattern.compile("(\\w+)\\s*(?:\\((.*)\\))?.*", Pattern.DOTALL);

  private static final Map<String, Integer> INTEGERS =
      Map.of("tinyint", 1, "smallint", 2, "mediumint", 3, "int", 4, "bigint", 8);
  private static final Map<String, Integer> LONG_VALUES =
      Map.of(
          "tinytext",
          1,
          "text",
          2,
          "mediumtext",
          3,
          "longtext",
          4,
          "tinyblob",
          1,
          "blob",
          2,
          "mediumblob",
          3,
          "longblob",
          4);
  private static final Map<String, Integer> OCTETS =
      Map.ofEntries(
          Map.entry("utf8mb4", 4),
          Map.entry("utf8mb3", 3),
          Map.entry("utf8", 3),
          Map.entry("ucs2", 2),
          Map.entry("utf16", 4),
          Map.entry("utf16le", 4),
          Map.entry("utf32", 4),
          Map.entry("gb18030", 4),
          Map.entry("gbk", 2),
          Map.entry("gb2312", 2),
          Map.entry("big5", 2),
          Map.entry("sjis", 2),
          Map.entry("cp932", 2),
          Map.entry("euckr", 2),
          Map.entry("ujis", 3),
          Map.entry("eucjpms", 3));

  static RowType of(Column column, Engine engine) {
    var match = SHAPE.matcher(column.type().strip().toLowerCase(Locale.ROOT));
    var word = match.matches() ? match.group(1) : column.type();
    var arguments = match.matches() && match.group(2) != null ? match.group(2) : "";
    var integer = INTEGERS.get(word);
    if (integer != null) {
      return new RowType("integer", integer, 0);
    }
    var longValue = LONG_VALUES.get(word);
    if (longValue != null) {
      return new RowType("blob", longValue, 0);
    }
    return switch (word) {
      case "float" -> new RowType("float", 4, 0);
      case "double", "real" -> new RowType("float", 8, 0);
      case "decimal", "numeric" -> decimal(arguments);
      case "bit" -> new RowType("bit", number(arguments, 0, 1), 0);
      case "char" -> new RowType("char", octets(column, arguments), 0);
      case "varchar" -> new RowType("varchar", octets(column, arguments), 0);
      case "binary" -> new RowType("char", number(arguments, 0, 1), 0);
      case "varbinary" -> new RowType("varchar", number(arguments, 0, 1), 0);
      case "datetime", "timestamp", "time" -> new RowType(word, number(arguments, 0, 0), 0);
      case "enum" -> new RowType("enum", members(column).size() < 256 ? 1 : 2, 0);
      case "set" -> new RowType("set", setBytes(members(column).size()), 0);
      // MariaDB's JSON is a LONGTEXT.
      case "json" ->
          engine == Engine.MARIADB ? new RowType("blob", 4, 0) : new RowType("json", 4, 0);
      default -> new RowType(word, number(arguments, 0, 0), 0);
    };
  }

  /** Every value of this type has one of the other type, and the servers can find it. */
  boolean widensTo(RowType other) {
    if (!family.equals(other.family)) {
      return false;
    }
    return size <= other.size
        && detail <= other.detail
        && size - detail <= other.size - other.detail;
  }

  /** The members of an ENUM or SET, as written. */
  static List<String> members(Column column) {
    var members = new ArrayList<String>();
    var open = column.type().indexOf('(');
    Matcher match = MEMBER.matcher(open < 0 ? "" : column.type().substring(open));
    while (match.find()) {
      members.add(match.group());
    }
    return members;
  }

  static boolean unsigned(Column column) {
    return column.type().toLowerCase(Locale.ROOT).contains("unsigned");
  }

  private static RowType decimal(String arguments) {
    return new RowType("decimal", number(arguments, 0, 10), number(arguments, 1, 0));
  }

  private static long octets(Column column, String arguments) {
    var set = column.characterSet();
    return (long) number(arguments, 0, 1) * OCTETS.getOrDefault(set == null ? "" : set, 1);
  }

  private static int setBytes(int members) {
    var bytes = (members + 7) / 8;
    return bytes > 4 ? 8 : Math.max(1, bytes);
  }

  private static int number(String arguments, int place, int otherwise) {
    var all = arguments.split(",", -1);
    return place < all.length && all[place].strip().matches("\\d{1,9}")
        ? Integer.parseInt(all[place].strip())
        : otherwise;
  }
}
