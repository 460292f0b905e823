package dev.halcyon.sql;

import java.util.Locale;

/**
 * One token of SQL code; comments are no tokens.
 *
 * @param text the token as written, quotes included
 * @param start its first character's offset in the whole text
 */
public record Token(Kind kind, String text, int start) {
  public enum Kind {
    /** A keyword or an unquoted name. */
    WORD,
    /** A name in backquotes. */
    NAME,
    /** A string in single or double quotes. */
    STRING,
    NUMBER,
    /** {@code @x} or {@code @@x}. */
    VARIABLE,
    SYMBOL,
    /** The end mark of a statement: a semicolon, or what DELIMITER says. */
    END,
    /** The opening or closing of a comment whose content the server executes. */
    MARK
  }

  public int end() {
    return start + text.length();
  }

  public boolean isWord(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  public boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** Whether the token can be a name; double quotes make one under ANSI_QUOTES. */
  public boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME || (kind == Kind.STRING && text.startsWith("\""));
  }

  /** The name without its quotes. */
  public String bare() {
    if (kind == Kind.WORD) {
      return text;
    }
    String quote = text.substring(0, 1);
    return text.substring(1, text.length() - 1).replace(quote + quote, quote);
  }

  public String upper() {
    return text.toUpperCase(Locale.ROOT);
  }
}
