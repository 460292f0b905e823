package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Optional;

/** A trigger that a session variable switches off: after an error it stays switched off. */
record SessionFlagGuard() implements Rule {
  @Override
  public String id() {
    return "H604";
  }

  @Override
  public String title() {
    return "A trigger that a plain session variable guards";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.CreateTrigger) {
      guard(look.tokens()).ifPresent(t -> report(look, t));
    }
  }

  private void report(StatementLook look, Token variable) {
    look.error(
        this,
        look.at(variable),
        "After an error inside the trigger "
            + variable.text()
            + " keeps its value; from then on the pooled connection no longer keeps the tables equal"
            + " and nobody notices.",
        "Compare with the time of the statement, which is another one for the next: IF NOT ("
            + variable.text()
            + " <=> NOW(6)) THEN SET "
            + variable.text()
            + " = NOW(6); … SET "
            + variable.text()
            + " = NULL; END IF");
  }

  /** A variable of the session that a condition reads and that the trigger sets to a constant. */
  private static Optional<Token> guard(List<Token> tokens) {
    boolean condition = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.isWord("IF") || token.isWord("WHEN") || token.isWord("CASE")) {
        condition = true;
      } else if (token.isWord("THEN")) {
        condition = false;
      }
      boolean ofSession = token.kind() == Token.Kind.VARIABLE && !token.text().startsWith("@@");
      if (condition && ofSession && setToConstant(tokens, token.text())) {
        return Optional.of(token);
      }
    }
    return Optional.empty();
  }

  private static boolean setToConstant(List<Token> tokens, String variable) {
    boolean set = false;
    for (int i = 0; i + 2 < tokens.size(); i++) {
      boolean assigned =
          tokens.get(i).text().equalsIgnoreCase(variable)
              && (tokens.get(i + 1).isSymbol("=") || tokens.get(i + 1).isSymbol(":="))
              && (tokens.get(i - 1).isWord("SET") || tokens.get(i - 1).isSymbol(","));
      boolean stamp = assigned && isTime(tokens.get(i + 2));
      if (stamp) {
        return false;
      }
      set |= assigned;
    }
    return set;
  }

  private static boolean isTime(Token token) {
    return token.isWord("NOW") || token.isWord("CURRENT_TIMESTAMP") || token.isWord("SYSDATE");
  }
}
