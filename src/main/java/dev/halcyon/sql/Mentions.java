package dev.halcyon.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which words and names stand in a statement that somebody else has written.
 *
 * @param words the keywords and unquoted names in order, in capitals
 * @param names every name and word, in small letters, strings aside
 */
public record Mentions(List<String> words, Set<String> names) {
  public Mentions {
    words = List.copyOf(words);
    names = Set.copyOf(names);
  }

  public static Mentions of(String sql) {
    var tokens = Lexer.lex(sql).tokens();
    var names = new TreeSet<String>();
    for (var token : tokens) {
      if (token.isName()) {
        names.add(token.bare().toLowerCase(Locale.ROOT));
      }
    }
    return new Mentions(
        tokens.stream().filter(t -> t.kind() == Token.Kind.WORD).map(Token::upper).toList(), names);
  }

  public boolean name(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The first word in capitals, or empty. */
  public String verb() {
    return words.isEmpty() ? "" : words.getFirst();
  }

  /** The first of the given words that the statement has, or empty. */
  public String firstOf(Set<String> some) {
    return words.stream().filter(some::contains).findFirst().orElse("");
  }
}
