package dev.halcyon.sql;

import java.util.ArrayList;
import java.util.List;

/** The keywords and unquoted names of SQL text; strings, quoted names and comments are left out. */
public final class StatementWords {
  private StatementWords() {}

  /**
   * For each statement its words in upper case, in order. What only one engine executes counts.
   * Statements inside a routine's body count as statements of their own.
   */
  public static List<List<String>> of(String text) {
    var statements = new ArrayList<List<String>>();
    var words = new ArrayList<String>();
    for (Token token : Lexer.lex(text).tokens()) {
      if (token.kind() == Token.Kind.WORD) {
        words.add(token.upper());
      } else if (token.kind() == Token.Kind.END) {
        statements.add(List.copyOf(words));
        words.clear();
      }
    }
    statements.add(List.copyOf(words));
    statements.removeIf(List::isEmpty);
    return List.copyOf(statements);
  }
}
