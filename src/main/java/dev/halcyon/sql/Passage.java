package dev.halcyon.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * One statement ready to be read: its tokens without the qualifier of the target schema, and the
 * text behind them. Statements run with the target schema, or its scratch copy, as the default one,
 * so the qualifier must not stay in any text.
 */
final class Passage {
  private final SourceFile file;
  private final Lexed lexed;
  private final Piece piece;
  private final List<Token> tokens;
  private final List<Span> qualifiers;

  private record Span(int start, int end, String instead) {}

  Passage(SourceFile file, Lexed lexed, Piece piece, String schema) {
    this.file = file;
    this.lexed = lexed;
    this.piece = piece;
    this.tokens = new ArrayList<>();
    this.qualifiers = new ArrayList<>();
    dropQualifiers(piece.tokens(), schema);
  }

  private void dropQualifiers(List<Token> all, String schema) {
    boolean alsoAnotherName = false;
    for (int i = 0; i < all.size(); i++) {
      alsoAnotherName |= isSchema(all, i, schema) && !isDot(all, i + 1);
    }
    for (int i = 0; i < all.size(); i++) {
      if (!alsoAnotherName && isSchema(all, i, schema) && isDot(all, i + 1) && i + 2 < all.size()) {
        qualifiers.add(new Span(all.get(i).start(), all.get(i + 2).start(), ""));
        i++;
      } else {
        tokens.add(all.get(i));
      }
    }
  }

  private static boolean isSchema(List<Token> all, int i, String schema) {
    boolean named = all.get(i).isName() && all.get(i).bare().equals(schema);
    return named && !isDot(all, i - 1);
  }

  private static boolean isDot(List<Token> all, int i) {
    return i >= 0 && i < all.size() && all.get(i).isSymbol(".");
  }

  SourceFile file() {
    return file;
  }

  List<Token> tokens() {
    return tokens;
  }

  /** The offset of a token, or the end of the statement behind the last one. */
  int offset(int index) {
    return index < tokens.size() ? tokens.get(index).start() : piece.end();
  }

  /** The statement as written but for the qualifiers. */
  String text() {
    return slice(piece.start(), piece.end(), false);
  }

  int start() {
    return piece.start();
  }

  /** The text from one token to before another, without comments. */
  String slice(int from, int to) {
    int start = from == 0 ? piece.start() : offset(from);
    int end = offset(to);
    if (!marksBalance(start, end)) {
      throw new NotUnderstood("a comment that holds parts of several clauses");
    }
    return slice(start, end, true);
  }

  private boolean marksBalance(int start, int end) {
    int open = 0;
    for (Token mark : lexed.marks()) {
      if (mark.start() >= start && mark.end() <= end) {
        open += mark.text().startsWith("/*") ? 1 : -1;
      }
    }
    return open == 0;
  }

  private String slice(int start, int end, boolean withoutComments) {
    var spans = new ArrayList<>(qualifiers);
    if (withoutComments) {
      lexed.comments().forEach(c -> spans.add(new Span(c.start(), c.end(), " ")));
    }
    spans.sort((a, b) -> Integer.compare(a.start, b.start));
    var result = new StringBuilder();
    int at = start;
    for (Span span : spans) {
      if (span.start >= at && span.end <= end) {
        result.append(file.text(), at, span.start);
        boolean spaced =
            !result.isEmpty() && Character.isWhitespace(result.charAt(result.length() - 1));
        result.append(spaced ? "" : span.instead);
        at = span.end;
      }
    }
    return result.append(file.text(), at, end).toString().strip();
  }
}
