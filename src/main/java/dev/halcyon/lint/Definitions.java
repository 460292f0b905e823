package dev.halcyon.lint;

import dev.halcyon.model.Trigger;
import dev.halcyon.sql.ColumnDefinition;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.TableDefinition;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import java.util.List;

/** What statements that create say of what they create. */
final class Definitions {
  private Definitions() {}

  static KnownTable table(Statement.CreateTable statement) {
    TableDefinition read = TableDefinition.read(statement.table(), statement.text());
    return new KnownTable(
        read.table(),
        !read.copied(),
        read.columns().stream().map(ColumnDefinition::column).toList(),
        read.indexes(),
        read.foreignKeys(),
        read.checks(),
        List.of(),
        KnownTable.UNKNOWN_ROWS);
  }

  static Trigger trigger(Statement.CreateTrigger statement) {
    List<Token> tokens = Tokens.of(statement.text());
    String timing = word(tokens, "BEFORE", "AFTER");
    String event = word(tokens, "INSERT", "UPDATE", "DELETE");
    return new Trigger(
        statement.trigger(), statement.table(), timing, event, body(statement), "", "", "", 0);
  }

  private static String word(List<Token> tokens, String... words) {
    return tokens.stream()
        .filter(t -> List.of(words).stream().anyMatch(t::isWord))
        .map(Token::upper)
        .findFirst()
        .orElse("");
  }

  /** What stands behind FOR EACH ROW. */
  static String body(Statement.CreateTrigger statement) {
    return statement.text().substring(bodyStart(statement));
  }

  static int bodyStart(Statement.CreateTrigger statement) {
    for (Token token : Tokens.of(statement.text())) {
      if (token.isWord("ROW")) {
        return token.end();
      }
    }
    return 0;
  }
}
