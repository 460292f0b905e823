package dev.halcyon.sql;

import dev.halcyon.model.Check;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table as people write it in {@code CREATE TABLE}, and the keys and constraints that they add to
 * one. It reads what it can and leaves out what it cannot: the server is the authority.
 *
 * @param offsets where each column begins in the statement's text
 * @param copied whether the columns are those of another table, or of a query
 */
public record TableDefinition(
    String table,
    List<ColumnDefinition> columns,
    List<Integer> offsets,
    List<Index> indexes,
    List<ForeignKey> foreignKeys,
    List<Check> checks,
    boolean copied) {
  private static final Set<String> NO_COLUMN =
      Set.of(
          "PRIMARY",
          "UNIQUE",
          "KEY",
          "INDEX",
          "FULLTEXT",
          "SPATIAL",
          "VECTOR",
          "CONSTRAINT",
          "FOREIGN",
          "CHECK",
          "PERIOD",
          "LIKE");

  public TableDefinition {
    columns = List.copyOf(columns);
    offsets = List.copyOf(offsets);
    indexes = List.copyOf(indexes);
    foreignKeys = List.copyOf(foreignKeys);
    checks = List.copyOf(checks);
  }

  /**
   * @param text a whole {@code CREATE TABLE}
   */
  public static TableDefinition read(String table, String text) {
    return new Reader(table, text).read();
  }

  /**
   * An index from the text behind {@code ADD}; empty when its parts cannot be read.
   *
   * @param name null when the server is to choose: it takes the first column's
   */
  public static Optional<Index> index(String text, @Nullable String name) {
    List<Token> tokens = Lexer.lex(text).tokens();
    int from = 0;
    while (from < tokens.size() && !isKeyHead(tokens.get(from))) {
      from++;
    }
    int open = from;
    while (open < tokens.size() && !tokens.get(open).isSymbol("(")) {
      open++;
    }
    if (open >= tokens.size() || Brackets.closing(tokens, open) >= tokens.size()) {
      return Optional.empty();
    }
    String given = name;
    if (given == null && open + 1 < tokens.size()) {
      given = tokens.get(open + 1).isName() ? tokens.get(open + 1).bare() : "";
    }
    String rest = text.substring(tokens.get(from).start());
    return given == null ? Optional.empty() : Optional.of(KeyText.read(given, rest));
  }

  private static boolean isKeyHead(Token token) {
    return List.of("PRIMARY", "UNIQUE", "KEY", "INDEX", "FULLTEXT", "SPATIAL").stream()
        .anyMatch(token::isWord);
  }

  /** A foreign key from any text that holds one; empty when it is not complete. */
  public static Optional<ForeignKey> foreignKey(String table, String text, @Nullable String name) {
    List<Token> tokens = Lexer.lex(text).tokens();
    int open = next(tokens, 0, "(");
    int references = Brackets.closing(tokens, open) + 1;
    int second = next(tokens, references, "(");
    boolean complete =
        references < tokens.size()
            && tokens.get(references).isWord("REFERENCES")
            && second < tokens.size()
            && Brackets.closing(tokens, second) < tokens.size();
    return complete
        ? Optional.of(
            new ConstraintText(text).foreignKey(name == null ? "" : name, table, "", "RESTRICT"))
        : Optional.empty();
  }

  private static int next(List<Token> tokens, int from, String symbol) {
    int at = from;
    while (at < tokens.size() && !tokens.get(at).isSymbol(symbol)) {
      at++;
    }
    return at;
  }

  private static final class Reader {
    private final String table;
    private final String text;
    private final List<Token> tokens;
    private final List<ColumnDefinition> columns = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private final List<Index> indexes = new ArrayList<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private boolean copied;

    Reader(String table, String text) {
      this.table = table;
      this.text = text;
      this.tokens = Lexer.lex(text).tokens();
    }

    TableDefinition read() {
      int open = next(tokens, 0, "(");
      int close = Brackets.closing(tokens, open);
      int from = open + 1;
      for (int i = from; i <= close && i < tokens.size(); i++) {
        if (tokens.get(i).isSymbol("(")) {
          i = Brackets.closing(tokens, i);
        } else if (i == close || tokens.get(i).isSymbol(",")) {
          item(from, i);
          from = i + 1;
        }
      }
      copied |= columns.isEmpty();
      return new TableDefinition(table, columns, offsets, indexes, foreignKeys, checks, copied);
    }

    private void item(int from, int to) {
      if (from >= to) {
        return;
      }
      Token first = tokens.get(from);
      String words = text.substring(first.start(), tokens.get(to - 1).end());
      if (first.kind() == Token.Kind.WORD && NO_COLUMN.contains(first.upper())) {
        keyOrConstraint(from, to, words);
        return;
      }
      if (!first.isName() || from + 1 >= to) {
        return;
      }
      var column =
          ColumnDefinition.read(
              table, first.bare(), text.substring(first.end(), tokens.get(to - 1).end()));
      columns.add(column);
      offsets.add(first.start());
      ofLine(column);
    }

    /** The keys within a column's line. */
    private void ofLine(ColumnDefinition definition) {
      String name = definition.column().name();
      var part = List.of(new Index.Part(name, null, null, false));
      if (definition.primary()) {
        indexes.add(new Index("PRIMARY", true, "BTREE", part, true, ""));
      } else if (definition.unique()) {
        indexes.add(new Index(name, true, "BTREE", part, true, ""));
      }
      ForeignKey reference = definition.reference();
      if (reference != null) {
        foreignKeys.add(reference);
      }
    }

    private void keyOrConstraint(int from, int to, String words) {
      int at = from;
      String symbol = null;
      if (tokens.get(at).isWord("CONSTRAINT")) {
        at++;
        boolean named = tokens.get(at).isName() && !NO_COLUMN.contains(tokens.get(at).upper());
        symbol = named ? tokens.get(at).bare() : null;
        at += named ? 1 : 0;
      }
      if (at >= to) {
        return;
      }
      switch (tokens.get(at).upper()) {
        case "FOREIGN" ->
            TableDefinition.foreignKey(table, words, symbol).ifPresent(foreignKeys::add);
        case "CHECK" -> checks.add(new ConstraintText(words).check(symbol == null ? "" : symbol));
        case "PRIMARY" -> TableDefinition.index(words, "PRIMARY").ifPresent(indexes::add);
        case "UNIQUE", "KEY", "INDEX", "FULLTEXT", "SPATIAL" -> {
          int name = at + 1;
          while (name < to
              && (tokens.get(name).isWord("KEY") || tokens.get(name).isWord("INDEX"))) {
            name++;
          }
          boolean named =
              name < to && tokens.get(name).isName() && !tokens.get(name).isWord("USING");
          TableDefinition.index(words, named ? tokens.get(name).bare() : symbol)
              .ifPresent(indexes::add);
        }
        case "LIKE" -> copied = true;
        default -> {}
      }
    }
  }
}
