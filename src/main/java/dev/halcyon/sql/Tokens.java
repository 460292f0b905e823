package dev.halcyon.sql;

import java.util.List;

/** A text's tokens, for those who look for words in it. */
public final class Tokens {
  private Tokens() {}

  /** Without comments; executed comments count as code. */
  public static List<Token> of(String sql) {
    return Lexer.lex(sql).tokens();
  }

  /** The index of the bracket that closes the one at {@code open}, or the number of tokens. */
  public static int closing(List<Token> tokens, int open) {
    return Brackets.closing(tokens, open);
  }

  /** Whether these words stand there, one after the other. */
  static boolean see(List<Token> tokens, int at, String... words) {
    for (int i = 0; i < words.length; i++) {
      if (at + i >= tokens.size() || !tokens.get(at + i).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** The text from one token to before another, what stands between them included. */
  static String slice(String text, List<Token> tokens, int from, int to) {
    return from >= to ? "" : text.substring(tokens.get(from).start(), tokens.get(to - 1).end());
  }
}
