package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.sql.Sql;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in SQL that a new value is what the server makes of an old one, to the byte. */
final class Equal {
  private static final Set<String> WHOLE =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit");
  private static final Set<String> BYTES =
      Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");
  private static final Set<String> TIMES = Set.of("datetime", "time", "date");

  /** Character sets whose binary collation tells any two texts apart, but for trailing spaces. */
  private static final Set<String> BY_CODE = Set.of("utf8mb4", "utf8mb3", "latin1", "ascii");

  private static final Pattern MEMBER = Pattern.compile("'(?:[^']|'')*'");

  private Equal() {}

  static String of(ColumnMap.Pair pair, String oldAlias, String newAlias) {
    var from = Sql.name(oldAlias, pair.from().name());
    var to = Sql.name(newAlias, pair.to().name());
    var fromWord = ColumnMap.word(pair.from());
    var toWord = ColumnMap.word(pair.to());
    if (fromWord.equals("json") || toWord.equals("json")) {
      return text(from, to);
    }
    if (fromWord.equals("set") && toWord.equals("set")) {
      return sets(pair, from, to);
    }
    if (pair.from().isText() && pair.to().isText()) {
      return texts(pair, from, to);
    }
    if ((BYTES.contains(fromWord) || BYTES.contains(toWord))
        && isString(pair.from(), fromWord)
        && isString(pair.to(), toWord)) {
      return bytes(pair.to(), toWord, from, to);
    }
    if (sameType(pair.from(), pair.to()) || (WHOLE.contains(fromWord) && WHOLE.contains(toWord))) {
      return from + " <=> " + to;
    }
    if (pair.to().isText()) {
      return text(from, to);
    }
    return switch (toWord) {
      case "timestamp" ->
          fromWord.equals("timestamp")
              ? "ROUND(UNIX_TIMESTAMP(%s), %d) <=> UNIX_TIMESTAMP(%s)"
                  .formatted(from, digits(pair.to()), to)
              : "CAST(" + from + " AS DATETIME(" + digits(pair.to()) + ")) <=> " + to;
      case "decimal" -> "CAST(" + from + " AS " + plain(pair.to()) + ") <=> " + to;
      case "double", "float" -> "(" + from + " + 0e0) <=> " + to;
      case "datetime", "time", "date" ->
          TIMES.contains(fromWord) || fromWord.equals("timestamp")
              ? "CAST(" + from + " AS " + plain(pair.to()) + ") <=> " + to
              : text(from, to);
      default -> WHOLE.contains(toWord) ? from + " + 0 <=> " + to : text(from, to);
    };
  }

  private static String texts(ColumnMap.Pair pair, String from, String to) {
    var characterSet = pair.from().characterSet();
    if (Objects.equals(characterSet, pair.to().characterSet())) {
      if (characterSet != null && BY_CODE.contains(characterSet)) {
        // Trailing spaces do not count for such a collation, so the length has to; three times as
        // fast as casts to bytes.
        return "(%1$s COLLATE %3$s_bin <=> %2$s AND LENGTH(%1$s) <=> LENGTH(%2$s))"
            .formatted(from, to, characterSet);
      }
      return "CAST(" + from + " AS BINARY) <=> CAST(" + to + " AS BINARY)";
    }
    return "CAST(CONVERT(%s USING %s) AS BINARY) <=> CAST(%s AS BINARY)"
        .formatted(from, pair.to().characterSet(), to);
  }

  private static boolean isString(Column column, String word) {
    return column.isText() || BYTES.contains(word);
  }

  /** Never by way of text: bytes that are no text become NULL there, and NULL equals NULL. */
  private static String bytes(Column column, String word, String from, String to) {
    return switch (word) {
      case "binary" -> {
        var length = column.type().replaceAll("\\D", "");
        yield "(COALESCE(LENGTH(%1$s), 0) <= %2$s AND CAST(%1$s AS BINARY(%2$s)) <=> %3$s)"
            .formatted(from, length, to);
      }
      // What ends in spaces loses them there.
      case "char" ->
          "TRIM(TRAILING ' ' FROM CAST(%s AS BINARY)) <=> CAST(%s AS BINARY)".formatted(from, to);
      default -> "CAST(" + from + " AS BINARY) <=> CAST(" + to + " AS BINARY)";
    };
  }

  private static String text(String from, String to) {
    return "CAST(" + from + " AS CHAR) <=> CAST(" + to + " AS CHAR)";
  }

  /** The same members, whatever order the type now lists them in. */
  private static String sets(ColumnMap.Pair pair, String from, String to) {
    var members = new LinkedHashSet<String>();
    for (var column : List.of(pair.from(), pair.to())) {
      MEMBER.matcher(column.type()).results().forEach(found -> members.add(found.group()));
    }
    var same =
        members.stream()
            .map(
                m ->
                    " AND ((FIND_IN_SET(%1$s, %2$s) > 0) <=> (FIND_IN_SET(%1$s, %3$s) > 0))"
                        .formatted(m, from, to))
            .collect(Collectors.joining());
    return "((%s IS NULL) = (%s IS NULL)%s)".formatted(from, to, same);
  }

  /** Of a second's fraction. */
  private static int digits(Column column) {
    var type = column.type();
    return type.endsWith(")") ? type.charAt(type.length() - 2) - '0' : 0;
  }

  private static String plain(Column column) {
    return column.type().replaceAll(" (unsigned|zerofill)", "");
  }

  private static boolean sameType(Column from, Column to) {
    return from.type().equals(to.type()) && Objects.equals(from.characterSet(), to.characterSet());
  }
}
