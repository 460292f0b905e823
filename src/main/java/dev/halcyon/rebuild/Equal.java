package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.sql.Sql;
import java.util.Objects;
import java.util.Set;

/** Says in SQL that a new value is what the server makes of an old one, to the byte. */
final class Equal {
  private static final Set<String> WHOLE =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit");
  private static final Set<String> TIMES = Set.of("datetime", "time", "date");

  private Equal() {}

  static String of(ColumnMap.Pair pair, String oldAlias, String newAlias) {
    var from = Sql.name(oldAlias, pair.from().name());
    var to = Sql.name(newAlias, pair.to().name());
    var fromWord = ColumnMap.word(pair.from());
    var toWord = ColumnMap.word(pair.to());
    if (fromWord.equals("json") || toWord.equals("json")) {
      return text(from, to);
    }
    if (pair.from().isText() && pair.to().isText()) {
      return texts(pair, from, to);
    }
    if (sameType(pair.from(), pair.to()) || (WHOLE.contains(fromWord) && WHOLE.contains(toWord))) {
      return from + " <=> " + to;
    }
    if (pair.to().isText()) {
      return text(from, to);
    }
    return switch (toWord) {
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
    if (Objects.equals(pair.from().characterSet(), pair.to().characterSet())) {
      return "CAST(" + from + " AS BINARY) <=> CAST(" + to + " AS BINARY)";
    }
    return "CAST(CONVERT(%s USING %s) AS BINARY) <=> CAST(%s AS BINARY)"
        .formatted(from, pair.to().characterSet(), to);
  }

  private static String text(String from, String to) {
    return "CAST(" + from + " AS CHAR) <=> CAST(" + to + " AS CHAR)";
  }

  private static String plain(Column column) {
    return column.type().replaceAll(" (unsigned|zerofill)", "");
  }

  private static boolean sameType(Column from, Column to) {
    return from.type().equals(to.type()) && Objects.equals(from.characterSet(), to.characterSet());
  }
}
