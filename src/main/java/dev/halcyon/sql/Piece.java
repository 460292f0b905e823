package dev.halcyon.sql;

import java.util.List;

/**
 * The tokens of one statement, without its end mark.
 *
 * @param start where the statement's code begins, executed comments counted as code
 * @param end behind its last character of code
 */
record Piece(List<Token> tokens, int start, int end) {
  Piece {
    tokens = List.copyOf(tokens);
  }
}
