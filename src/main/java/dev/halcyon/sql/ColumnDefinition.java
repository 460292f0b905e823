package dev.halcyon.sql;

import dev.halcyon.model.Column;
import dev.halcyon.model.ForeignKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One column as people write it, keys and references within its line included. What only the server
 * could add is left open: a character set or collation that is not written is null.
 *
 * @param primary whether the line makes it the primary key
 * @param unique whether the line gives it a unique key
 * @param reference the foreign key within the line, or null; its name is empty
 */
public record ColumnDefinition(
    Column column, boolean primary, boolean unique, @Nullable ForeignKey reference) {
  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("integer", "int"),
          Map.entry("int4", "int"),
          Map.entry("int8", "bigint"),
          Map.entry("int2", "smallint"),
          Map.entry("int1", "tinyint"),
          Map.entry("dec", "decimal"),
          Map.entry("numeric", "decimal"),
          Map.entry("fixed", "decimal"),
          Map.entry("character", "char"),
          Map.entry("real", "double"));
  private static final Set<String> OPERATORS = Set.of("+", "-", "*", "/", "||", "%");

  /**
   * @param text what follows the column's name
   */
  public static ColumnDefinition read(String table, String name, String text) {
    var reader = new Reader(table, name, text);
    reader.type();
    while (reader.at < reader.tokens.size()) {
      reader.attribute();
    }
    return reader.definition();
  }

  private static final class Reader {
    private final String table;
    private final String name;
    private final String text;
    private final List<Token> tokens;
    private int at;
    private String type = "";
    private @Nullable String characterSet;
    private @Nullable String collation;
    private boolean nullable = true;
    private @Nullable String defaultValue;
    private @Nullable String generated;
    private @Nullable String onUpdate;
    private boolean autoIncrement;
    private boolean invisible;
    private @Nullable String check;
    private String comment = "";
    private boolean primary;
    private boolean unique;
    private @Nullable ForeignKey reference;

    Reader(String table, String name, String text) {
      this.table = table;
      this.name = name;
      this.text = text;
      this.tokens = Lexer.lex(text).tokens();
    }

    ColumnDefinition definition() {
      var column =
          new Column(
              name,
              type,
              characterSet,
              collation,
              nullable && !primary,
              defaultValue,
              generated,
              onUpdate,
              autoIncrement,
              invisible,
              check,
              comment);
      return new ColumnDefinition(column, primary, unique, reference);
    }

    void type() {
      if (tokens.isEmpty()) {
        return;
      }
      String word = tokens.getFirst().text().toLowerCase(Locale.ROOT);
      at = 1;
      if (is("PRECISION") || is("VARYING")) {
        word = word.equals("double") ? "double" : "varchar";
        at++;
      }
      int from = at;
      skipBrackets();
      while (is("UNSIGNED") || is("SIGNED") || is("ZEROFILL")) {
        at++;
      }
      switch (word) {
        case "bool", "boolean" -> type = "tinyint(1)";
        case "serial" -> {
          type = "bigint unsigned";
          nullable = false;
          autoIncrement = true;
          unique = true;
        }
        default -> {
          String rest = slice(from, at).toLowerCase(Locale.ROOT);
          boolean members = word.equals("enum") || word.equals("set");
          boolean spaced = !rest.isEmpty() && !rest.startsWith("(");
          type =
              SYNONYMS.getOrDefault(word, word)
                  + (spaced ? " " : "")
                  + (members ? slice(from, at) : rest);
        }
      }
    }

    void attribute() {
      if (take("NOT", "NULL")) {
        nullable = false;
      } else if (take("NULL")) {
        nullable = true;
      } else if (take("DEFAULT")) {
        defaultValue = value();
      } else if (take("ON", "UPDATE")) {
        int from = at++;
        skipBrackets();
        onUpdate = slice(from, at);
      } else if (is("GENERATED") || is("AS")) {
        generated = generated();
      } else if (take("AUTO_INCREMENT")) {
        autoIncrement = true;
      } else if (take("INVISIBLE")) {
        invisible = true;
      } else if (take("COMMENT")) {
        comment = at < tokens.size() ? Literals.value(tokens.get(at++).text()) : "";
      } else {
        keyOrText();
      }
    }

    private void keyOrText() {
      if (take("PRIMARY")) {
        primary = true;
        take("KEY");
      } else if (take("UNIQUE")) {
        unique = true;
        take("KEY");
      } else if (take("KEY")) {
        primary = true;
      } else if (take("CHARACTER", "SET") || take("CHARSET")) {
        characterSet = word();
      } else if (take("COLLATE")) {
        collation = word();
      } else if (take("CHECK")) {
        int close = Brackets.closing(tokens, at);
        check = slice(at + 1, close);
        at = Math.min(close + 1, tokens.size());
      } else if (take("REFERENCES")) {
        reference = reference();
      } else {
        at++;
      }
    }

    private @Nullable String value() {
      int from = at;
      operand();
      while (at < tokens.size()
          && tokens.get(at).kind() == Token.Kind.SYMBOL
          && OPERATORS.contains(tokens.get(at).text())) {
        at++;
        operand();
      }
      String value = slice(from, at);
      return value.equalsIgnoreCase("NULL") ? null : value;
    }

    private void operand() {
      if (at < tokens.size()
          && (tokens.get(at).isSymbol("-")
              || tokens.get(at).isSymbol("+")
              || tokens.get(at).text().startsWith("_"))) {
        at++;
      }
      if (at < tokens.size() && !tokens.get(at).isSymbol("(")) {
        boolean introduces = tokens.get(at).kind() == Token.Kind.WORD;
        at++;
        if (introduces && at < tokens.size() && tokens.get(at).kind() == Token.Kind.STRING) {
          at += slice(at - 1, at).matches("(?i)[xbn]") ? 1 : 0;
        }
      }
      skipBrackets();
    }

    private String generated() {
      int from = at;
      while (at < tokens.size() && !tokens.get(at).isSymbol("(") && !is("ROW")) {
        at++;
      }
      if (is("ROW")) {
        at = Math.min(at + 2, tokens.size());
      } else {
        skipBrackets();
        if (is("VIRTUAL") || is("STORED") || is("PERSISTENT")) {
          at++;
        }
      }
      return slice(from, at);
    }

    private @Nullable ForeignKey reference() {
      if (at >= tokens.size()) {
        return null;
      }
      String parent = word();
      if (at < tokens.size() && tokens.get(at).isSymbol(".")) {
        at++;
        parent = word();
      }
      List<String> columns = List.of();
      if (at < tokens.size() && tokens.get(at).isSymbol("(")) {
        int close = Brackets.closing(tokens, at);
        columns =
            tokens.subList(at + 1, close).stream().filter(Token::isName).map(Token::bare).toList();
        at = Math.min(close + 1, tokens.size());
      }
      int from = at;
      while (take("ON", "DELETE") || take("ON", "UPDATE")) {
        at += is("SET") || is("NO") ? 2 : 1;
      }
      String actions = slice(from, Math.min(at, tokens.size())).toUpperCase(Locale.ROOT);
      return new ForeignKey(
          "",
          table,
          List.of(name),
          "",
          parent,
          columns,
          actions.contains("DELETE CASCADE") ? "CASCADE" : "RESTRICT",
          actions.contains("UPDATE CASCADE") ? "CASCADE" : "RESTRICT");
    }

    private String word() {
      return at < tokens.size() ? bare(tokens.get(at++)) : "";
    }

    private static String bare(Token token) {
      return token.isName() ? token.bare() : token.text();
    }

    private void skipBrackets() {
      if (at < tokens.size() && tokens.get(at).isSymbol("(")) {
        at = Math.min(Brackets.closing(tokens, at) + 1, tokens.size());
      }
    }

    private boolean is(String... words) {
      return Tokens.see(tokens, at, words);
    }

    private boolean take(String... words) {
      boolean found = is(words);
      at += found ? words.length : 0;
      return found;
    }

    private String slice(int from, int to) {
      return Tokens.slice(text, tokens, from, to);
    }
  }
}
