package dev.halcyon.sql;

import java.util.List;

/** Finds the end of what is in brackets. */
final class Brackets {
  private Brackets() {}

  /** The index of the bracket that closes the one at {@code open}, or the number of tokens. */
  static int closing(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol("(")) {
        depth++;
      } else if (tokens.get(i).isSymbol(")") && --depth == 0) {
        return i;
      }
    }
    return tokens.size();
  }
}
