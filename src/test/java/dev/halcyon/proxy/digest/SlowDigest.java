package dev.halcyon.proxy.digest;

import dev.halcyon.sql.ReservedWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The digests of a text by regular expressions and repeated replacement, as plain as can be. */
final class SlowDigest {
  private static final Pattern TOKEN =
      Pattern.compile(
          """
          (?<blank>[\\x00- ]+|--(?=[\\x00- ]|$)[^\\n]*|\\#[^\\n]*)\
          |(?<comment>/\\*(?!!|M!).*?\\*/)\
          |(?<code>/\\*M?!(\\d{5,6})?|\\*/)\
          |(?<string>[xXbBnN]?'(?:[^'\\\\]|\\\\.|'')*'|"(?:[^"\\\\]|\\\\.|"")*")\
          |(?<name>`(?:[^`]|``)*`)\
          |(?<variable>@+[\\w$.\\x80-\\uffff]*)\
          |(?<number>(?:0x[0-9a-fA-F]+|0b[01]+|(?:\\d+\\.?\\d*|(?<![\\w$`])\\.\\d+)(?:[eE][+-]?\\d+)?)\
          (?![\\w$\\x80-\\uffff]))\
          |(?<word>[\\w$\\x80-\\uffff]+)\
          |(?<symbol><=>|->>|<=|>=|<>|<<|>>|->|!=|:=|\\|\\||&&|.)""",
          Pattern.DOTALL);

  private static final Set<String> BEFORE_EXPRESSION =
      Set.of(
          "SELECT",
          "WHERE",
          "AND",
          "OR",
          "IN",
          "THEN",
          "ELSE",
          "WHEN",
          "LIMIT",
          "BETWEEN",
          "SET",
          "INTERVAL",
          "NOT",
          "BY",
          "LIKE");

  private SlowDigest() {}

  /** Of each statement of the text. Names in double quotes and odd character sets are not known. */
  static List<String> of(String text) {
    var digests = new ArrayList<String>();
    var tokens = new ArrayList<String>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      String token = matcher.group();
      if (token.equals(";")) {
        end(tokens, digests);
      } else if (matcher.group("string") != null
          || matcher.group("number") != null
          || token.equals("?")) {
        value(tokens);
      } else if (matcher.group("word") != null) {
        tokens.add(
            ReservedWords.contain(token)
                ? token.toUpperCase(Locale.ROOT)
                : token.toLowerCase(Locale.ROOT));
      } else if (matcher.group("name") != null
          || matcher.group("variable") != null
          || matcher.group("symbol") != null) {
        tokens.add(token.toLowerCase(Locale.ROOT));
      }
    }
    end(tokens, digests);
    return digests;
  }

  private static void value(List<String> tokens) {
    while (!tokens.isEmpty() && Set.of("+", "-").contains(tokens.getLast())) {
      String before = tokens.size() == 1 ? "(" : tokens.get(tokens.size() - 2);
      if (before.matches("[^\\w?`)@]+") || BEFORE_EXPRESSION.contains(before)) {
        tokens.removeLast();
      } else {
        break;
      }
    }
    tokens.add("?");
  }

  private static void end(List<String> tokens, List<String> digests) {
    if (!tokens.isEmpty()) {
      digests.add(reduced(" " + String.join(" ", tokens) + " ").strip());
      tokens.clear();
    }
  }

  private static String reduced(String digest) {
    String before;
    String after = digest;
    do {
      before = after;
      after =
          before
              .replaceAll(
                  "(?<= )(\\?|NULL|\\?, \\.\\.\\.) , (\\?, \\.\\.\\.|\\?|NULL)(?= )", "?, ...")
              .replaceAll(" IN \\( \\? \\) ", " IN (...) ")
              .replaceAll(" \\( \\?, \\.\\.\\. \\) ", " (...) ")
              .replaceAll(" \\( \\? \\) ", " (?) ")
              .replaceAll(" \\(\\.\\.\\.\\) , \\(\\.\\.\\.\\) ", " (...) ")
              .replaceAll(" \\(\\?\\) , \\(\\?\\) ", " (?) ");
    } while (!after.equals(before));
    return after;
  }
}
