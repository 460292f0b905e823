package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Statement;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the server's answers to a rehearsed statement mean. */
final class ServerWords {
  static final int SYNTAX = 1064;
  static final int NO_ROUTINE = 1305;
  private static final int AMBIGUOUS = 1052;
  private static final Set<Integer> ALGORITHM = Set.of(1221, 1800, 1845, 1846, 1847, 4092);

  /** Of SQLSTATEs that do not tell: no default, wrong value, no partition, check violated. */
  private static final Set<Integer> ROWS =
      Set.of(1265, 1364, 1366, 1411, 1416, 1526, 1748, 3819, 4025);

  private static final Pattern NEAR = Pattern.compile("near '(.*)' at line (\\d+)", Pattern.DOTALL);

  private ServerWords() {}

  /** The server does not carry the statement out in the way that was asked for. */
  static boolean isAboutAlgorithm(Fault.Refused refused) {
    return ALGORITHM.contains(refused.code());
  }

  /** The rows stand against the statement, not its text. */
  static boolean isAboutRows(Fault.Refused refused) {
    return ROWS.contains(refused.code())
        || ((refused.sqlState().startsWith("22") || refused.sqlState().startsWith("23"))
            && refused.code() != AMBIGUOUS);
  }

  static Finding finding(Statement statement, Fault.Refused refused, Scratch scratch) {
    boolean syntax = refused.code() == SYNTAX;
    ErrorCode code = syntax ? ErrorCode.SYNTAX : ErrorCode.SERVER_REFUSED;
    Place place = syntax ? placeOf(statement, refused.words()) : statement.place();
    return Finding.error(
        code.code(),
        place,
        "The server refuses this statement: " + scratch.inRealWords(refused.detail()),
        "");
  }

  static Finding finding(
      ErrorCode code, @Nullable Place place, String what, Fault.Refused refused, Scratch scratch) {
    return Finding.error(
        code.code(), place, what + ": " + scratch.inRealWords(refused.detail()), "");
  }

  /** Where in the file the server stopped reading. */
  static Place placeOf(Statement statement, String words) {
    Matcher near = NEAR.matcher(words);
    if (!near.find()) {
      return statement.place();
    }
    String text = statement.text();
    int line = Integer.parseInt(near.group(2));
    int from = 0;
    for (int i = 1; i < line && text.indexOf('\n', from) >= 0; i++) {
      from = text.indexOf('\n', from) + 1;
    }
    String rest = near.group(1);
    int at = rest.isEmpty() ? text.length() : text.indexOf(rest, from);
    if (at < 0) {
      at = from;
    }
    int lineStart = text.lastIndexOf('\n', at - 1) + 1;
    int lines = (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int column = at - lineStart + (lines == 0 ? statement.place().column() : 1);
    return new Place(statement.place().file(), statement.place().line() + lines, column);
  }
}
