package dev.halcyon.sql;

import dev.halcyon.model.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a {@code SHOW CREATE TABLE} text. The catalogue's tables are the poorer
 * source: MySQL's escape quotes in expressions and lose binary defaults there.
 */
final class ColumnText {
  private static final Set<String> TYPE_WORDS = Set.of("UNSIGNED", "SIGNED", "ZEROFILL");
  private static final Set<String> NUMBERS =
      Set.of(
          "tinyint",
          "smallint",
          "mediumint",
          "int",
          "bigint",
          "decimal",
          "float",
          "double",
          "year");

  private final String text;
  private final List<Token> tokens;
  private int at;

  private String type = "";
  private String typeName = "";
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
  private final List<String> others = new ArrayList<>();

  private ColumnText(String text) {
    this.text = text;
    this.tokens = Lexer.lex(text).tokens();
  }

  /**
   * @param text what follows the column's name
   * @throws IllegalArgumentException when there is no type
   */
  static Column read(String name, String text, TextDefaults defaults) {
    var reader = new ColumnText(text);
    reader.type();
    while (reader.at < reader.tokens.size()) {
      reader.attribute();
    }
    return reader.column(name, defaults);
  }

  private Column column(String name, TextDefaults defaults) {
    String fullType = type;
    boolean inherits = characterSet == null && collation == null;
    if (!others.isEmpty()) {
      // What Halcyon has no word for stays with the type, behind the attributes of text.
      fullType +=
          (characterSet == null ? "" : " CHARACTER SET " + characterSet)
              + (collation == null ? "" : " COLLATE " + collation)
              + " "
              + String.join(" ", others);
      inherits = true;
    }
    if (TextDefaults.isText(typeName)) {
      collation = collation != null ? collation : defaults.collationOf(characterSet);
      characterSet = characterSet != null ? characterSet : TextDefaults.characterSetOf(collation);
    }
    return new Column(
        name,
        fullType,
        characterSet,
        collation,
        nullable,
        defaultValue,
        generated,
        onUpdate,
        autoIncrement,
        invisible,
        check,
        comment,
        inherits);
  }

  private void type() {
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("a column without a type: " + text);
    }
    typeName = tokens.getFirst().text().toLowerCase(Locale.ROOT);
    at = 1;
    if (at < tokens.size() && tokens.get(at).isSymbol("(")) {
      at = Brackets.closing(tokens, at) + 1;
    }
    while (at < tokens.size() && TYPE_WORDS.contains(tokens.get(at).upper())) {
      at++;
    }
    type = slice(0, at);
  }

  private void attribute() {
    if (take("CHARACTER", "SET")) {
      characterSet = tokens.get(at++).text();
    } else if (take("COLLATE")) {
      collation = tokens.get(at++).text();
    } else if (take("NOT", "NULL")) {
      nullable = false;
    } else if (take("NULL")) {
      nullable = true;
    } else if (take("DEFAULT")) {
      defaultValue = defaultValue();
    } else if (take("ON", "UPDATE")) {
      int from = at++;
      skipBrackets();
      onUpdate = slice(from, at);
    } else if (is("GENERATED")) {
      generated = generated();
    } else if (take("AUTO_INCREMENT")) {
      autoIncrement = true;
    } else if (take("INVISIBLE")) {
      invisible = true;
    } else if (take("COMMENT")) {
      comment = Literals.value(tokens.get(at++).text());
    } else if (take("CHECK")) {
      int close = Brackets.closing(tokens, at);
      check = slice(at + 1, close);
      at = close + 1;
    } else {
      others.add(tokens.get(at++).text());
    }
  }

  private @Nullable String defaultValue() {
    int from = at++;
    skipBrackets();
    while (at < tokens.size() && !attributeBegins()) {
      at++;
      skipBrackets();
    }
    String value = slice(from, at);
    if (value.equals("NULL")) {
      return null;
    }
    boolean quotedNumber = NUMBERS.contains(typeName) && value.matches("'-?\\d+(\\.\\d+)?'");
    return quotedNumber ? value.substring(1, value.length() - 1) : value;
  }

  private boolean attributeBegins() {
    return is("ON", "UPDATE")
        || (is("COMMENT") && nextIsString())
        || is("CHECK")
        || is("INVISIBLE")
        || is("AUTO_INCREMENT")
        || is("WITHOUT", "SYSTEM")
        || is("COLUMN_FORMAT")
        || is("STORAGE")
        || is("ENGINE_ATTRIBUTE")
        || is("SECONDARY_ENGINE_ATTRIBUTE")
        || is("SRID")
        || is("REF_SYSTEM_ID")
        || is("NOT", "SECONDARY");
  }

  private boolean nextIsString() {
    return at + 1 < tokens.size() && tokens.get(at + 1).kind() == Token.Kind.STRING;
  }

  private String generated() {
    int from = at;
    while (!is("AS")) {
      at++;
    }
    at++;
    if (is("ROW")) {
      at += 2;
    } else {
      skipBrackets();
      if (is("VIRTUAL") || is("STORED") || is("PERSISTENT")) {
        at++;
      }
    }
    return slice(from, at);
  }

  private void skipBrackets() {
    while (at < tokens.size() && tokens.get(at).isSymbol("(")) {
      at = Brackets.closing(tokens, at) + 1;
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
