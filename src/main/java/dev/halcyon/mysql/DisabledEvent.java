package dev.halcyon.mysql;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps an event that is made in the scratch schema from ever coming due. */
final class DisabledEvent {
  private static final Pattern CREATE =
      Pattern.compile(
          "CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:DEFINER\\s*=\\s*\\S+\\s+)?EVENT\\s.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern PIECE =
      Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'|\"(?:[^\"\\\\]|\"\"|\\\\.)*\"|`[^`]*`|\\w+");

  private DisabledEvent() {}

  /** The statement itself unless it creates an event. */
  static String of(String sql) {
    if (!CREATE.matcher(sql.strip()).matches()) {
      return sql;
    }
    Matcher piece = PIECE.matcher(sql);
    while (piece.find()) {
      switch (piece.group().toUpperCase(Locale.ROOT)) {
        case "ENABLE" -> {
          return sql.substring(0, piece.start()) + "DISABLE" + sql.substring(piece.end());
        }
        case "COMMENT", "DO" -> {
          return sql.substring(0, piece.start()) + "DISABLE " + sql.substring(piece.start());
        }
        case "DISABLE" -> {
          return sql;
        }
        default -> {
          // Part of the name or of the schedule.
        }
      }
    }
    return sql;
  }
}
