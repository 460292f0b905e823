package dev.halcyon.sql;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/**
 * Looks for names in SQL and replaces them, leaving strings, comments and function names alone. For
 * mapping expressions, and for the texts that the server keeps of views and triggers. Names compare
 * without regard to case, as those of columns do.
 */
public final class Expressions {
  private static final Set<String> BEFORE_TABLE = Set.of("FROM", "JOIN", "STRAIGHT_JOIN");

  private Expressions() {}

  /** Whether a name occurs, as a column's would; cautious rather than exact. */
  public static boolean mentions(String sql, String name) {
    List<Token> tokens = Lexer.lex(sql).tokens();
    var names = new References(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      boolean call = tokens.get(i).kind() == Token.Kind.WORD && names.isSymbol(i + 1, "(");
      if (names.isNamed(i, name) && !call) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text in which the server has qualified every column names one so. */
  public static boolean mentionsQualified(String sql, String name) {
    List<Token> tokens = Lexer.lex(sql).tokens();
    var names = new References(tokens);
    for (int i = 1; i < tokens.size(); i++) {
      if (names.isSymbol(i - 1, ".") && names.isNamed(i, name)) {
        return true;
      }
    }
    return false;
  }

  /** The columns that an expression names without a qualifier, as it writes them. */
  public static SortedSet<String> identifiers(String expression) {
    List<Token> tokens = Lexer.lex(expression).tokens();
    var names = new References(tokens);
    var found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < tokens.size(); i++) {
      if (names.isColumn(i)) {
        found.add(tokens.get(i).bare());
      }
    }
    return Collections.unmodifiableSortedSet(found);
  }

  /** Whether the expression reads tables, so that its names may be theirs. */
  public static boolean hasSubquery(String expression) {
    return Lexer.lex(expression).tokens().stream()
        .anyMatch(t -> t.isWord("SELECT") || t.isWord("TABLE"));
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
    var names = new References(tokens);
    return replace(
        expression,
        tokens,
        i -> names.isColumn(i) && known.contains(tokens.get(i).bare()),
        name -> qualifier + "." + Sql.name(name));
  }

  /** The expression with one column's bare name changed. */
  public static String rename(String expression, String from, String to) {
    List<Token> tokens = Lexer.lex(expression).tokens();
    var names = new References(tokens);
    return replace(
        expression, tokens, i -> names.isColumn(i) && names.isNamed(i, from), name -> Sql.name(to));
  }

  /** In a view's canonical text: a column of a table, also where the table has an alias. */
  public static String renameColumn(String sql, String table, String from, String to) {
    List<Token> tokens = Lexer.lex(sql).tokens();
    var names = new References(tokens);
    Set<String> qualifiers = qualifiers(tokens, names, table);
    return replace(
        sql,
        tokens,
        i ->
            names.isNamed(i, from)
                && names.isSymbol(i - 1, ".")
                && names.isName(i - 2)
                && qualifiers.contains(tokens.get(i - 2).bare()),
        name -> Sql.name(to));
  }

  /** In a trigger's body: {@code NEW.from} and {@code OLD.from}. */
  public static String renameRowColumn(String body, String from, String to) {
    List<Token> tokens = Lexer.lex(body).tokens();
    var names = new References(tokens);
    return replace(
        body,
        tokens,
        i ->
            names.isNamed(i, from)
                && names.isSymbol(i - 1, ".")
                && (names.isNamed(i - 2, "NEW") || names.isNamed(i - 2, "OLD"))
                && !names.isSymbol(i - 3, "."),
        name -> Sql.name(to));
  }

  /**
   * In a view's canonical text: the table itself, its own name as a qualifier included unless that
   * name is an alias of something else.
   */
  public static String renameTable(String sql, String from, String to) {
    List<Token> tokens = Lexer.lex(sql).tokens();
    var names = new References(tokens);
    boolean qualifies = qualifiers(tokens, names, from).contains(from);
    return replace(
        sql,
        tokens,
        i -> names.isNamed(i, from) && (names.isSymbol(i + 1, ".") ? qualifies : isTable(names, i)),
        name -> Sql.name(to));
  }

  /** {@code FROM `shop`.`users`}, {@code JOIN users}; never the column {@code x.`users`}. */
  private static boolean isTable(References names, int i) {
    int lead = names.isSymbol(i - 1, ".") ? i - 3 : i - 1;
    while (names.isSymbol(lead, "(")) {
      lead--;
    }
    return BEFORE_TABLE.contains(names.word(lead)) && !names.isSymbol(i + 1, ".");
  }

  /** The alias of the table at this index, or the table's own name. */
  private static String qualifier(List<Token> tokens, References names, int i) {
    int at = names.word(i + 1).equals("AS") ? i + 2 : i + 1;
    boolean aliased = at < tokens.size() && tokens.get(at).kind() == Token.Kind.NAME;
    return tokens.get(aliased ? at : i).bare();
  }

  /** The names by which a text qualifies the table's columns. */
  private static Set<String> qualifiers(List<Token> tokens, References names, String table) {
    Set<String> found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < tokens.size(); i++) {
      if (names.isNamed(i, table) && isTable(names, i)) {
        found.add(qualifier(tokens, names, i));
      }
    }
    return found;
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
}
