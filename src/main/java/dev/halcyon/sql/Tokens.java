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
}
