package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Optional;

/** LIMIT without ORDER BY in a statement that writes: which rows it takes is up to each server. */
record UnorderedLimit() implements Rule {
  private static final String MESSAGE =
      "Which rows it takes is up to each server, so under binlog_format=STATEMENT replicas come to"
          + " differ, and nobody can say which rows were written.";
  private static final String REMEDY = "ORDER BY the primary key.";

  @Override
  public String id() {
    return "H403";
  }

  @Override
  public String title() {
    return "LIMIT without ORDER BY in a statement that writes";
  }

  @Override
  public void statement(StatementLook look) {
    boolean data =
        look.statement() instanceof Statement.Insert
            || look.statement() instanceof Statement.Update
            || look.statement() instanceof Statement.Delete
            || look.statement() instanceof Statement.Other;
    Optional<Token> limit = data ? limit(look.tokens()) : Optional.empty();
    if (limit.isPresent()) {
      if (look.target().log() == Target.Log.STATEMENT) {
        look.error(this, look.at(limit.get()), MESSAGE, REMEDY);
      } else {
        look.warning(this, look.at(limit.get()), MESSAGE, REMEDY);
      }
    }
  }

  @Override
  public void query(QueryLook look) {
    Optional<Token> limit = limit(look.tokens());
    if (limit.isPresent()) {
      if (look.target().log() == Target.Log.STATEMENT) {
        look.error(this, look.at(limit.get()), MESSAGE, REMEDY);
      } else {
        look.warning(this, look.at(limit.get()), MESSAGE, REMEDY);
      }
    }
  }

  /** The LIMIT of the statement itself, if it writes and has no ORDER BY before it. */
  private static Optional<Token> limit(List<Token> tokens) {
    boolean writes =
        List.of("INSERT", "UPDATE", "DELETE", "REPLACE").stream()
            .anyMatch(tokens.getFirst()::isWord);
    int depth = 0;
    boolean ordered = false;
    for (Token token : tokens) {
      depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
      ordered |= depth == 0 && token.isWord("ORDER");
      if (writes && depth == 0 && token.isWord("LIMIT") && !ordered) {
        return Optional.of(token);
      }
    }
    return Optional.empty();
  }
}
