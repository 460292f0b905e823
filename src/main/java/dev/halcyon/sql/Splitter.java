package dev.halcyon.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a file into statements. The body of a trigger or routine may hold semicolons; its blocks are
 * counted, so that it needs no DELIMITER lines, though those are understood too.
 */
final class Splitter {
  private final Lexed lexed;
  private final List<Piece> pieces = new ArrayList<>();

  private Splitter(Lexed lexed) {
    this.lexed = lexed;
  }

  static List<Piece> split(Lexed lexed) {
    var splitter = new Splitter(lexed);
    var _ = splitter.run();
    return splitter.pieces;
  }

  /** Whether the text ends behind a semicolon that ends a statement. */
  static boolean isClosed(Lexed lexed) {
    List<Token> tokens = lexed.tokens();
    return !tokens.isEmpty()
        && lexed.problems().isEmpty()
        && tokens.getLast().kind() == Token.Kind.END
        && tokens.getLast().text().equals(";")
        && new Splitter(lexed).run() == tokens.size();
  }

  /** The number of tokens; one more if the last statement has no end. */
  private int run() {
    List<Token> tokens = lexed.tokens();
    int from = 0;
    int spanStart = 0;
    while (from < tokens.size()) {
      int end = statementEnd(from);
      int spanEnd = end < tokens.size() ? tokens.get(end).start() : lexed.text().length();
      add(tokens.subList(from, end), spanStart, spanEnd);
      spanStart = end < tokens.size() ? tokens.get(end).end() : spanEnd;
      from = end + 1;
    }
    return from;
  }

  private int statementEnd(int from) {
    List<Token> tokens = lexed.tokens();
    var blocks = new Blocks(tokens, from);
    for (int i = from; i < tokens.size(); i++) {
      boolean ends = tokens.get(i).kind() == Token.Kind.END;
      // Whoever sets an end mark of his own uses it for nothing else.
      if (ends && (!tokens.get(i).text().equals(";") || !blocks.openAt(i))) {
        return i;
      }
    }
    return tokens.size();
  }

  private void add(List<Token> tokens, int spanStart, int spanEnd) {
    if (tokens.isEmpty()) {
      return;
    }
    int start = tokens.getFirst().start();
    int end = tokens.getLast().end();
    for (Token mark : lexed.marks()) {
      if (mark.start() >= spanStart && mark.end() <= spanEnd) {
        start = Math.min(start, mark.start());
        end = Math.max(end, mark.end());
      }
    }
    pieces.add(new Piece(tokens, start, end));
  }
}
