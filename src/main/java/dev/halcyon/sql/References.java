package dev.halcyon.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells which words of an expression stand for columns. SQL lets many keywords be column names as
 * well ({@code date}, {@code year}, {@code end}), so it goes by where a word stands: two operands
 * never meet, and some functions take a keyword as an argument.
 */
final class References {
  private static final Set<String> RESERVED =
      Set.of(
          ("ALL AND AS ASC BETWEEN BINARY BY CASE COLLATE CONVERT DEFAULT DESC DISTINCT DIV ELSE"
                  + " EXISTS FALSE FROM GROUP HAVING IN INTERVAL IS JOIN LEFT LIKE LIMIT MATCH MOD"
                  + " NOT NULL ON OR ORDER OVER PARTITION REGEXP RIGHT RLIKE SELECT SEPARATOR SET"
                  + " THEN TRUE UNION UNSIGNED USING VALUES WHEN WHERE WITH XOR CURRENT_DATE"
                  + " CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE"
                  + " UTC_TIME UTC_TIMESTAMP")
              .split(" "));

  /** Reserved words that stand for a value. */
  private static final Set<String> VALUES =
      Set.of(
          "NULL",
          "TRUE",
          "FALSE",
          "DEFAULT",
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "CURRENT_USER",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "UTC_DATE",
          "UTC_TIME",
          "UTC_TIMESTAMP");

  /** Behind these stands a type, a character set, a collation or a truth value. */
  private static final Set<String> BEFORE_KEYWORD = Set.of("AS", "USING", "COLLATE", "IS", "SET");

  private static final Set<String> UNIT_FIRST =
      Set.of("EXTRACT", "TIMESTAMPADD", "TIMESTAMPDIFF", "GET_FORMAT");

  private final List<Token> tokens;

  References(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** Whether the token is a column's name without a qualifier. */
  boolean isColumn(int i) {
    Token token = tokens.get(i);
    if (!isName(i) || isSymbol(i - 1, ".") || isSymbol(i + 1, ".") || isSymbol(i + 1, "(")) {
      return false;
    }
    if (token.kind() == Token.Kind.NAME) {
      return true;
    }
    return !RESERVED.contains(token.upper()) && !isKeywordHere(i);
  }

  private boolean isKeywordHere(int i) {
    boolean introducesString =
        i + 1 < tokens.size() && tokens.get(i + 1).kind() == Token.Kind.STRING;
    return introducesString
        || BEFORE_KEYWORD.contains(word(i - 1))
        || isOperand(i - 1)
        || isUnitArgument(i)
        || isTypeArgument(i);
  }

  private boolean isOperand(int i) {
    if (i < 0) {
      return false;
    }
    return switch (tokens.get(i).kind()) {
      case NAME, STRING, NUMBER, VARIABLE -> true;
      case SYMBOL -> tokens.get(i).isSymbol(")");
      case WORD ->
          VALUES.contains(word(i)) || word(i).equals("END") || isQualified(i) || isColumn(i);
      case END, MARK -> false;
    };
  }

  private boolean isQualified(int i) {
    return isSymbol(i - 1, ".");
  }

  /** {@code EXTRACT(YEAR FROM x)}, {@code TIMESTAMPDIFF(DAY, a, b)}. */
  private boolean isUnitArgument(int i) {
    return isSymbol(i - 1, "(") && UNIT_FIRST.contains(word(i - 2));
  }

  /** {@code CONVERT(x, DATE)}. */
  private boolean isTypeArgument(int i) {
    if (!isSymbol(i - 1, ",")) {
      return false;
    }
    int depth = 0;
    for (int j = i - 1; j > 0; j--) {
      depth += isSymbol(j, ")") ? 1 : isSymbol(j, "(") ? -1 : 0;
      if (depth < 0) {
        return word(j - 1).equals("CONVERT");
      }
    }
    return false;
  }

  boolean isName(int i) {
    return i >= 0
        && i < tokens.size()
        && (tokens.get(i).kind() == Token.Kind.WORD || tokens.get(i).kind() == Token.Kind.NAME);
  }

  boolean isNamed(int i, String name) {
    return isName(i)
        && tokens.get(i).bare().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT));
  }

  boolean isSymbol(int i, String symbol) {
    return i >= 0 && i < tokens.size() && tokens.get(i).isSymbol(symbol);
  }

  /** The keyword at this index in upper case; empty for anything but a word. */
  String word(int i) {
    return i >= 0 && i < tokens.size() && tokens.get(i).kind() == Token.Kind.WORD
        ? tokens.get(i).upper()
        : "";
  }
}
