package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Locale;

/** A lock that is taken by hand, or waited for without an end. */
record UnboundedLock() implements Rule {
  private static final String REMEDY =
      "Leave it out: Halcyon waits for a table for lock-wait at most, gives way and tries again.";

  @Override
  public String id() {
    return "H207";
  }

  @Override
  public String title() {
    return "A lock taken by hand, or another wait for one";
  }

  @Override
  public void statement(StatementLook look) {
    List<Token> tokens = look.tokens();
    if (words(tokens, "LOCK", "TABLES")
        || words(tokens, "LOCK", "TABLE")
        || words(tokens, "LOCK", "INSTANCE")
        || words(tokens, "FLUSH", "TABLES")
        || words(tokens, "UNLOCK", "TABLES")) {
      look.error(
          this,
          look.statement().place(),
          "Everybody who comes after it waits for as long as it is held, and other tables stay"
              + " writable meanwhile.",
          REMEDY);
      return;
    }
    if (tokens.getFirst().isWord("SET")) {
      tokens.stream()
          .filter(t -> t.text().toLowerCase(Locale.ROOT).endsWith("lock_wait_timeout"))
          .findFirst()
          .ifPresent(t -> waits(look, t));
    } else if (look.statement() instanceof Statement.AlterTable) {
      for (int i = 1; i + 1 < tokens.size(); i++) {
        if (tokens.get(i).isWord("WAIT") && tokens.get(i + 1).kind() == Token.Kind.NUMBER) {
          waits(look, tokens.get(i));
        }
      }
    }
  }

  private void waits(StatementLook look, Token token) {
    look.error(
        this,
        look.at(token),
        "While a schema statement waits for a table, everybody who comes after it waits, too.",
        REMEDY);
  }

  private static boolean words(List<Token> tokens, String first, String second) {
    return tokens.size() >= 2 && tokens.get(0).isWord(first) && tokens.get(1).isWord(second);
  }
}
