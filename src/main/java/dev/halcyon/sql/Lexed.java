package dev.halcyon.sql;

import java.util.List;

/**
 * A text taken apart.
 *
 * @param tokens without the marks of executed comments
 * @param marks the openings and closings of executed comments, in order
 * @param comments the spans that the server skips, in order
 * @param problems what is opened and never closed
 */
record Lexed(
    String text,
    List<Token> tokens,
    List<Token> marks,
    List<Comment> comments,
    List<Problem> problems) {

  /** A skipped comment, from its first character to behind its last. */
  record Comment(int start, int end) {}

  record Problem(int offset, String message) {}

  Lexed {
    tokens = List.copyOf(tokens);
    marks = List.copyOf(marks);
    comments = List.copyOf(comments);
    problems = List.copyOf(problems);
  }
}
