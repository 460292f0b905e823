package dev.halcyon.sql;

import dev.halcyon.model.Index;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one key of a {@code SHOW CREATE TABLE} text. */
final class KeyText {
  private final String text;
  private final List<Token> tokens;

  private KeyText(String text) {
    this.text = text;
    this.tokens = Lexer.lex(text).tokens();
  }

  static Index read(String name, String text) {
    return new KeyText(text).index(name);
  }

  private Index index(String name) {
    int open = 0;
    while (!tokens.get(open).isSymbol("(")) {
      open++;
    }
    int close = Brackets.closing(tokens, open);
    String first = tokens.getFirst().upper();
    String kind =
        switch (first) {
          case "FULLTEXT", "SPATIAL" -> first;
          default -> hasWords(0, "USING", "HASH") ? "HASH" : "BTREE";
        };
    return new Index(
        name,
        first.equals("PRIMARY") || first.equals("UNIQUE"),
        kind,
        parts(open, close),
        !hasWords(close, "INVISIBLE") && !hasWords(close, "IGNORED"),
        comment(close));
  }

  private List<Index.Part> parts(int open, int close) {
    var parts = new ArrayList<Index.Part>();
    int from = open + 1;
    for (int i = from; i <= close; i++) {
      if (i == close || tokens.get(i).isSymbol(",")) {
        parts.add(part(from, i));
        from = i + 1;
      } else if (tokens.get(i).isSymbol("(")) {
        i = Brackets.closing(tokens, i);
      }
    }
    return parts;
  }

  private Index.Part part(int from, int to) {
    boolean descending = tokens.get(to - 1).isWord("DESC");
    if (tokens.get(from).isSymbol("(")) {
      int close = Brackets.closing(tokens, from);
      String expression = text.substring(tokens.get(from).end(), tokens.get(close).start()).strip();
      return new Index.Part(null, expression, null, descending);
    }
    return new Index.Part(tokens.get(from).bare(), null, prefix(from + 1, to), descending);
  }

  private @Nullable Integer prefix(int at, int to) {
    return at + 1 < to && tokens.get(at).isSymbol("(")
        ? Integer.valueOf(tokens.get(at + 1).text())
        : null;
  }

  private boolean hasWords(int from, String... words) {
    for (int i = from; i + words.length <= tokens.size(); i++) {
      boolean all = true;
      for (int w = 0; w < words.length; w++) {
        all &= tokens.get(i + w).isWord(words[w]);
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  private String comment(int from) {
    for (int i = from; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).isWord("COMMENT")) {
        return Literals.value(tokens.get(i + 1).text());
      }
    }
    return "";
  }
}
