package dev.halcyon.sql;

import dev.halcyon.model.Check;
import dev.halcyon.model.ForeignKey;
import java.util.ArrayList;
import java.util.List;

/** Reads one constraint of a {@code SHOW CREATE TABLE} text. */
final class ConstraintText {
  private final String text;
  private final List<Token> tokens;
  private int at;

  ConstraintText(String text) {
    this.text = text;
    this.tokens = Lexer.lex(text).tokens();
  }

  boolean isForeignKey() {
    return tokens.stream().anyMatch(t -> t.isWord("FOREIGN")) && indexOf("CHECK") < 0;
  }

  Check check(String name) {
    int open = indexOf("CHECK") + 1;
    int close = Brackets.closing(tokens, open);
    String clause = text.substring(tokens.get(open).end(), tokens.get(close).start()).strip();
    boolean enforced =
        tokens.subList(close, tokens.size()).stream().noneMatch(t -> t.isWord("ENFORCED"));
    return new Check(name, clause, enforced);
  }

  /**
   * @param schema of the table, which the server leaves out when both tables share it
   * @param otherwise the action that the server leaves out
   */
  ForeignKey foreignKey(String name, String table, String schema, String otherwise) {
    at = indexOf("FOREIGN") + 2;
    while (!tokens.get(at).isSymbol("(")) {
      at++;
    }
    List<String> columns = names();
    at++;
    String referencedSchema = schema;
    String referencedTable = tokens.get(at++).bare();
    if (tokens.get(at).isSymbol(".")) {
      referencedSchema = referencedTable;
      referencedTable = tokens.get(at + 1).bare();
      at += 2;
    }
    List<String> referencedColumns = names();
    return new ForeignKey(
        name,
        table,
        columns,
        referencedSchema,
        referencedTable,
        referencedColumns,
        action("DELETE", otherwise),
        action("UPDATE", otherwise));
  }

  private List<String> names() {
    int close = Brackets.closing(tokens, at);
    var names = new ArrayList<String>();
    for (int i = at + 1; i < close; i += 2) {
      names.add(tokens.get(i).bare());
    }
    at = close + 1;
    return names;
  }

  private String action(String event, String otherwise) {
    for (int i = at; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).isWord("ON") && tokens.get(i + 1).isWord(event)) {
        String first = tokens.get(i + 2).upper();
        boolean two = first.equals("SET") || first.equals("NO");
        return two ? first + " " + tokens.get(i + 3).upper() : first;
      }
    }
    return otherwise;
  }

  private int indexOf(String word) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isWord(word)) {
        return i;
      }
    }
    return -1;
  }
}
