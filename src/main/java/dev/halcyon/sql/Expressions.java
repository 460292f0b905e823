package dev.halcyon.sql;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/**
 * Looks for names in SQL and replaces them, leaving strings, comments and function names alone. For
 * mapping expressions, and for the texts that the server keeps of views and triggers.
 */
public final class Expressions {
  private Expressions() {}

  /** Whether a name occurs, as a column's would; cautious rather than exact. */
  public static boolean mentions(String sql, String name) {
    List<Token> tokens = Lexer.lex(sql).tokens();
    for (int i = 0; i < tokens.size(); i++) {
      if (isNamed(tokens.get(i), name) && !isCall(tokens, i)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The expression with each bare name of a column put behind a qualifier.
   *
   * @param qualifier as it is to stand before the dot: {@code NEW}, or a quoted table name
   */
  public static String qualify(String expression, Collection<String> columns, String qualifier) {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(columns);
    List<Token> tokens = Lexer.lex(expression).tokens();
    return replace(
        expression,
        tokens,
        i ->
            tokens.get(i).isName()
                && known.contains(tokens.get(i).bare())
                && !isCall(tokens, i)
                && !follows(tokens, i, ".")
                && !precedes(tokens, i, "."),
        name -> qualifier + "." + Sql.name(name));
  }

  /** In a view's canonical text: a column of a table, also where the table has an alias. */
  public static String renameColumn(String sql, String table, String from, String to) {
    List<Token> tokens = Lexer.lex(sql).tokens();
    Set<String> qualifiers = qualifiers(tokens, table);
    return replace(
        sql,
        tokens,
        i ->
            isNamed(tokens.get(i), from)
                && i >= 2
                && follows(tokens, i, ".")
                && tokens.get(i - 2).isName()
                && qualifiers.contains(tokens.get(i - 2).bare()),
        name -> Sql.name(to));
  }

  /** In a trigger's body: {@code NEW.from} and {@code OLD.from}. */
  public static String renameRowColumn(String body, String from, String to) {
    List<Token> tokens = Lexer.lex(body).tokens();
    return replace(
        body,
        tokens,
        i ->
            isNamed(tokens.get(i), from)
                && i >= 2
                && follows(tokens, i, ".")
                && (tokens.get(i - 2).isWord("NEW") || tokens.get(i - 2).isWord("OLD")),
        name -> Sql.name(to));
  }

  /** In a view's canonical text: the table itself, its own name as a qualifier included. */
  public static String renameTable(String sql, String from, String to) {
    List<Token> tokens = Lexer.lex(sql).tokens();
    return replace(
        sql,
        tokens,
        i -> isNamed(tokens.get(i), from) && !isCall(tokens, i) && isTable(tokens, i),
        name -> Sql.name(to));
  }

  /**
   * {@code `shop`.`users`}, {@code `users`.`id`}, {@code FROM users}; never {@code x.`users`} AS.
   */
  private static boolean isTable(List<Token> tokens, int i) {
    if (precedes(tokens, i, ".")) {
      return true;
    }
    if (i == 0) {
      return false;
    }
    int before = i;
    while (before >= 2 && follows(tokens, before, ".")) {
      before -= 2;
    }
    Token lead = before == 0 ? tokens.getFirst() : tokens.get(before - 1);
    return lead.isWord("FROM")
        || lead.isWord("JOIN")
        || lead.isSymbol("(")
        || (lead.isSymbol(",") && !follows(tokens, i, "."));
  }

  private static Set<String> qualifiers(List<Token> tokens, String table) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.add(table);
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (isNamed(tokens.get(i), table) && !precedes(tokens, i, ".")) {
        int at = tokens.get(i + 1).isWord("AS") ? i + 2 : i + 1;
        if (at < tokens.size() && tokens.get(at).kind() == Token.Kind.NAME) {
          names.add(tokens.get(at).bare());
        }
      }
    }
    return names;
  }

  private static String replace(
      String sql, List<Token> tokens, IntPredicate which, UnaryOperator<String> by) {
    var result = new StringBuilder();
    int at = 0;
    for (int i = 0; i < tokens.size(); i++) {
      if (which.test(i)) {
        Token token = tokens.get(i);
        result.append(sql, at, token.start()).append(by.apply(token.bare()));
        at = token.end();
      }
    }
    return result.append(sql, at, sql.length()).toString();
  }

  private static boolean isNamed(Token token, String name) {
    return token.isName() && token.bare().equalsIgnoreCase(name);
  }

  private static boolean isCall(List<Token> tokens, int i) {
    return tokens.get(i).kind() == Token.Kind.WORD && precedes(tokens, i, "(");
  }

  private static boolean follows(List<Token> tokens, int i, String symbol) {
    return i > 0 && tokens.get(i - 1).isSymbol(symbol);
  }

  private static boolean precedes(List<Token> tokens, int i, String symbol) {
    return i + 1 < tokens.size() && tokens.get(i + 1).isSymbol(symbol);
  }
}
