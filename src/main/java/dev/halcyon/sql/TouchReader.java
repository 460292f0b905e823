package dev.halcyon.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a query names: one pass over its tokens, with what is known of each pair of brackets.
 * In doubt a name counts for more tables rather than fewer.
 */
public final class TouchReader {
  private static final Set<String> QUERIES =
      Set.of(
          "SELECT",
          "WITH",
          "INSERT",
          "REPLACE",
          "UPDATE",
          "DELETE",
          "TABLE",
          "VALUES",
          "LOAD",
          "HANDLER",
          "DO",
          "SET",
          "EXPLAIN",
          "DESCRIBE",
          "DESC",
          "ANALYZE",
          "CREATE",
          "ALTER");

  /** What decides how tables are named, wherever it stands. */
  private static final Set<String> VERBS =
      Set.of("SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "LOAD", "TABLE", "CREATE", "ALTER");

  /** They touch no column, or are about the schema itself. */
  private static final Set<String> OTHERS =
      Set.of(
          "SHOW",
          "USE",
          "START",
          "COMMIT",
          "ROLLBACK",
          "SAVEPOINT",
          "RELEASE",
          "LOCK",
          "UNLOCK",
          "KILL",
          "FLUSH",
          "OPTIMIZE",
          "CHECK",
          "REPAIR",
          "CHECKSUM",
          "DEALLOCATE",
          "XA",
          "HELP",
          "GRANT",
          "REVOKE",
          "DROP",
          "RENAME",
          "TRUNCATE",
          "RESET",
          "PURGE",
          "CHANGE",
          "STOP",
          "INSTALL",
          "UNINSTALL",
          "BACKUP",
          "CACHE",
          "BINLOG");

  /** Behind these a star is for every column. */
  private static final Set<String> BEHIND_STAR =
      Set.of(
          "FROM",
          "INTO",
          "UNION",
          "EXCEPT",
          "INTERSECT",
          "LIMIT",
          "ORDER",
          "WHERE",
          "FOR",
          "LOCK",
          "PROCEDURE",
          "ON",
          "HAVING",
          "GROUP",
          "MINUS");

  private static final Set<String> END_OF_TABLES =
      Set.of(
          "WHERE",
          "GROUP",
          "HAVING",
          "ORDER",
          "LIMIT",
          "SET",
          "VALUES",
          "UNION",
          "EXCEPT",
          "SELECT",
          "FOR",
          "LOCK",
          "INTO",
          "WINDOW",
          "PROCEDURE",
          "RETURNING");

  private static final Set<String> NEW_QUERY = Set.of("SELECT", "WITH", "VALUES", "TABLE");

  private static final String EVERY_COLUMN = "*";

  /** A pair of brackets, or the whole. */
  private static final class Level {
    private boolean query;

    /** In a list of tables. */
    private boolean tables;

    /** The next name is a table's. */
    private boolean expected;

    /** In a list of assignments. */
    private boolean assigns;

    /** In a list of columns that are written. */
    private boolean columns;
  }

  private final List<Token> tokens;
  private final References names;
  private final String verb;
  private final ArrayDeque<Level> levels = new ArrayDeque<>();
  private final List<Found> tables = new ArrayList<>();
  private final Set<String> routines = new TreeSet<>();
  private final List<Mention> mentions = new ArrayList<>();
  private Level level = new Level();

  /** The table that rows are inserted into. */
  private @Nullable Found target;

  private boolean everywhere;
  private int at;

  private record Mention(@Nullable String qualifier, String column, boolean written) {}

  private static final class Found {
    private final Optional<String> schema;
    private final String table;
    private final Set<String> aliases = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> reads = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> writes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private boolean everyColumn;

    private Found(Optional<String> schema, String table) {
      this.schema = schema;
      this.table = table;
      aliases.add(table);
    }
  }

  private TouchReader(List<Token> tokens) {
    this.tokens = tokens;
    this.names = new References(tokens);
    this.verb = verb();
  }

  /** The first one outside of brackets; empty if all are within. */
  private String verb() {
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      depth += names.isSymbol(i, "(") ? 1 : names.isSymbol(i, ")") ? -1 : 0;
      if (depth == 0 && VERBS.contains(names.word(i)) && !names.isSymbol(i - 1, ".")) {
        return names.word(i);
      }
    }
    return "";
  }

  /** Of one statement; literals may be question marks. */
  public static Touches read(String statement) {
    Lexed lexed = Lexer.lex(statement);
    var tokens = lexed.tokens();
    if (!lexed.problems().isEmpty() || tokens.isEmpty()) {
      return Touches.ANYTHING;
    }
    int first = 0;
    while (first < tokens.size() - 1 && tokens.get(first).isSymbol("(")) {
      first++;
    }
    String word = tokens.get(first).upper();
    boolean bare = tokens.size() <= 2 && Set.of("BEGIN", "END").contains(word);
    if (bare || OTHERS.contains(word)) {
      return new Touches(false, List.of(), Set.of());
    }
    return QUERIES.contains(word) ? new TouchReader(tokens).run() : Touches.ANYTHING;
  }

  private Touches run() {
    while (at < tokens.size()) {
      Token token = tokens.get(at);
      boolean open =
          switch (token.kind()) {
            case WORD, NAME -> name(token);
            case STRING -> {
              at++;
              yield true;
            }
            case SYMBOL -> symbol(token);
            case NUMBER, VARIABLE, END, MARK -> {
              at++;
              yield true;
            }
          };
      if (!open) {
        return Touches.ANYTHING;
      }
    }
    if (!levels.isEmpty()) {
      return Touches.ANYTHING;
    }
    mentions.forEach(this::attribute);
    return new Touches(false, uses(), routines);
  }

  private boolean symbol(Token token) {
    switch (token.text()) {
      case "(" -> open();
      case ")" -> {
        if (levels.isEmpty()) {
          return false;
        }
        level = levels.pop();
      }
      case "," -> level.expected = level.tables;
      case "*" -> star();
      case "{" -> {
        return false; // ODBC's way to write a join
      }
      default -> {}
    }
    at++;
    return true;
  }

  private void open() {
    var inner = new Level();
    if (NEW_QUERY.contains(names.word(at + 1))) {
      level.expected = false;
    } else if (level.expected) {
      inner.tables = true;
      inner.expected = true;
      level.expected = false;
    }
    levels.push(level);
    level = inner;
  }

  /** Every column, of one table or of all; or a product; or {@code COUNT(*)}. */
  private void star() {
    boolean behind =
        at + 1 == tokens.size()
            || names.isSymbol(at + 1, ",")
            || (names.isSymbol(at + 1, ")") && !names.isSymbol(at - 1, "("))
            || BEHIND_STAR.contains(names.word(at + 1));
    if (behind) {
      // Of which table is not worth the risk: a name may stand for several.
      everywhere = true;
    }
  }

  private boolean name(Token token) {
    boolean plain = token.kind() == Token.Kind.WORD && !names.isSymbol(at - 1, ".");
    boolean table = level.expected && !isReserved(at);
    if (plain && !table && keyword(token.upper())) {
      at++;
      return true;
    }
    if (names.isSymbol(at + 1, "(") && !level.expected && plain) {
      routines.add(token.bare().toLowerCase(Locale.ROOT));
      at++;
    } else if (level.expected) {
      table();
    } else {
      mention();
    }
    return true;
  }

  /** Whether the word is none of a name. */
  private boolean keyword(String word) {
    if (END_OF_TABLES.contains(word) && !goesOn(word)) {
      level.tables = false;
      level.expected = false;
    }
    switch (word) {
      case "SELECT", "DELETE" -> {
        level.query = true;
        level.assigns = false;
      }
      case "FROM" -> beginTables(level.query);
      case "USING" -> beginTables(verb.equals("DELETE") && !names.isSymbol(at + 1, "("));
      case "JOIN", "STRAIGHT_JOIN" -> beginTables(level.tables);
      case "NATURAL" -> everywhere = true;
      case "TABLE" -> {
        boolean whole = !verb.equals("LOAD") && !verb.equals("ALTER") && !defines();
        everywhere |= whole;
        beginTables(verb.equals("LOAD") || whole);
      }
      case "HANDLER" -> {
        everywhere = true;
        beginTables(at == 0);
      }
      case "ON" -> level.expected = false;
      case "UPDATE" -> update();
      case "INSERT", "REPLACE" -> {
        if (levels.isEmpty() && !names.isSymbol(at + 1, "(")) {
          beginTables(true);
        }
      }
      case "INTO" -> beginTables(target == null && isInsert());
      case "SET" -> level.assigns = true;
      case "WHERE", "ORDER", "LIMIT", "RETURNING" -> level.assigns = false;
      default -> {}
    }
    return ReservedWords.contain(word) || (at == 0 && QUERIES.contains(word));
  }

  private void update() {
    if (names.word(at - 1).equals("KEY")) {
      level.assigns = true;
    } else if (!names.word(at - 1).equals("FOR")) {
      beginTables(true);
    }
  }

  private void beginTables(boolean really) {
    if (really) {
      level.tables = true;
      level.expected = true;
    }
  }

  /** {@code CREATE TABLE}, {@code CREATE TEMPORARY TABLE}, {@code CREATE OR REPLACE TABLE}. */
  private boolean defines() {
    return verb.equals("CREATE") && at <= 4 && !names.word(at - 1).equals("AS");
  }

  /** A hint for an index, or a version of rows: more tables may follow. */
  private boolean goesOn(String word) {
    String before = names.word(at - 1);
    return switch (word) {
      case "FOR" ->
          before.equals("INDEX")
              || before.equals("KEY")
              || names.word(at + 1).equals("SYSTEM_TIME");
      case "ORDER", "GROUP" -> before.equals("FOR");
      default -> false;
    };
  }

  /** A table with its alias, or a function that gives one. */
  private void table() {
    level.expected = false;
    String name = tokens.get(at++).bare();
    Optional<String> schema = Optional.empty();
    if (names.isSymbol(at, ".") && names.isName(at + 1)) {
      schema = Optional.of(name);
      name = tokens.get(at + 1).bare();
      at += 2;
    }
    boolean inserts = isInsert();
    if (names.isSymbol(at, "(") && !inserts) {
      routines.add(name.toLowerCase(Locale.ROOT));
      return;
    }
    var found = new Found(schema, name);
    tables.add(found);
    if (inserts && target == null) {
      target = found;
      level.tables = false;
      written(found);
      return;
    }
    int alias = names.word(at).equals("AS") ? at + 1 : at;
    boolean clause = END_OF_TABLES.contains(names.word(alias));
    if (names.isName(alias) && (alias > at || !(clause || isReserved(alias)))) {
      found.aliases.add(tokens.get(alias).bare());
      at = alias + 1;
    }
  }

  private boolean isInsert() {
    return verb.equals("INSERT") || verb.equals("REPLACE") || verb.equals("LOAD");
  }

  /** The columns behind the table; if there are none, it is all of them. */
  private void written(Found found) {
    if (names.word(at).equals("PARTITION") && names.isSymbol(at + 1, "(")) {
      while (at < tokens.size() && !names.isSymbol(at, ")")) {
        at++;
      }
      at++;
    }
    if (names.isSymbol(at, "(") && !NEW_QUERY.contains(names.word(at + 1))) {
      levels.push(level);
      level = new Level();
      level.columns = true;
      at++;
    } else {
      found.everyColumn |= !names.word(at).equals("SET");
    }
  }

  private boolean isReserved(int i) {
    return tokens.get(i).kind() == Token.Kind.WORD && ReservedWords.contain(tokens.get(i).text());
  }

  /** {@code c}, {@code t.c}, {@code s.t.c}, {@code t.*}. */
  private void mention() {
    int begin = at;
    String name = tokens.get(at++).bare();
    String qualifier = null;
    while (names.isSymbol(at, ".") && (names.isName(at + 1) || names.isSymbol(at + 1, "*"))) {
      qualifier = name;
      name = tokens.get(at + 1).isSymbol("*") ? EVERY_COLUMN : tokens.get(at + 1).bare();
      at += 2;
    }
    if (qualifier != null && names.isSymbol(at, "(")) {
      routines.add(name.toLowerCase(Locale.ROOT));
      return;
    }
    boolean assigned =
        level.assigns
            && (names.isSymbol(at, "=") || names.isSymbol(at, ":="))
            && (names.isSymbol(begin - 1, ",")
                || names.word(begin - 1).equals("SET")
                || names.word(begin - 1).equals("UPDATE"));
    if (level.columns && target != null) {
      target.writes.add(name);
    } else {
      mentions.add(new Mention(qualifier, name, assigned));
    }
  }

  /** To the tables that its qualifier may mean; without a known one to all. */
  private void attribute(Mention mention) {
    var meant = new HashSet<Found>();
    if (mention.qualifier != null) {
      for (var table : tables) {
        if (table.aliases.contains(mention.qualifier)) {
          meant.add(table);
        }
      }
    }
    for (var table : meant.isEmpty() ? tables : meant) {
      if (mention.column.equals(EVERY_COLUMN)) {
        table.everyColumn = true;
      } else {
        (mention.written ? table.writes : table.reads).add(mention.column);
      }
    }
  }

  private List<Touches.Use> uses() {
    var uses = new TreeMap<String, Touches.Use>(String.CASE_INSENSITIVE_ORDER);
    for (var found : tables) {
      uses.merge(
          found.schema.orElse("") + "." + found.table,
          new Touches.Use(
              found.schema,
              found.table,
              everywhere || found.everyColumn,
              new TreeSet<>(found.reads),
              new TreeSet<>(found.writes)),
          TouchReader::merged);
    }
    return List.copyOf(uses.values());
  }

  private static Touches.Use merged(Touches.Use one, Touches.Use other) {
    var reads = new TreeSet<>(one.reads());
    reads.addAll(other.reads());
    var writes = new TreeSet<>(one.writes());
    writes.addAll(other.writes());
    return new Touches.Use(
        one.schema(), one.table(), one.everyColumn() || other.everyColumn(), reads, writes);
  }
}
