package dev.halcyon.lint;

import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A function that gives another value on each server. Rows are logged as statements only under
 * STATEMENT; a schema statement always is.
 */
record UnsafeFunction() implements Rule {
  private static final Set<String> DIFFERENT =
      Set.of(
          "UUID",
          "UUID_SHORT",
          "SYS_GUID",
          "SYSDATE",
          "USER",
          "CURRENT_USER",
          "SESSION_USER",
          "SYSTEM_USER",
          "CONNECTION_ID",
          "LOAD_FILE",
          "FOUND_ROWS",
          "ROW_COUNT",
          "VERSION",
          "GET_LOCK",
          "RELEASE_LOCK",
          "IS_FREE_LOCK",
          "IS_USED_LOCK",
          "SLEEP");

  /** Those that the log carries along for rows, but not into a default that is computed anew. */
  private static final Set<String> CARRIED =
      Set.of("RAND", "RANDOM_BYTES", "NOW", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "LOCALTIME");

  /** These are functions without brackets, too. */
  private static final Set<String> BARE =
      Set.of("CURRENT_USER", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "LOCALTIME");

  @Override
  public String id() {
    return "H401";
  }

  @Override
  public String title() {
    return "A function that gives another value on each server";
  }

  @Override
  public void statement(StatementLook look) {
    switch (look.statement()) {
      case Statement.Insert _, Statement.Update _, Statement.Delete _ ->
          rows(look.target(), look.tokens())
              .ifPresent(
                  t -> {
                    if (look.target().log() == Target.Log.STATEMENT) {
                      look.error(this, look.at(t), message(t), REMEDY);
                    } else {
                      look.warning(this, look.at(t), message(t), REMEDY);
                    }
                  });
      case Statement.AlterTable _ -> defaults(look);
      case Statement.CreateTable _,
          Statement.DropTable _,
          Statement.RenameTable _,
          Statement.CreateView _,
          Statement.DropView _,
          Statement.CreateTrigger _,
          Statement.DropTrigger _,
          Statement.CreateRoutine _,
          Statement.DropRoutine _,
          Statement.Other _ -> {}
    }
  }

  private static final String REMEDY =
      "Give a literal, or log rows: binlog_format=ROW, which is the default of MySQL.";

  @Override
  public void query(QueryLook look) {
    boolean writes =
        List.of("INSERT", "UPDATE", "DELETE", "REPLACE").stream()
            .anyMatch(look.tokens().getFirst()::isWord);
    if (writes) {
      rows(look.target(), look.tokens())
          .ifPresent(
              t -> {
                if (look.target().log() == Target.Log.STATEMENT) {
                  look.error(this, look.at(t), message(t), REMEDY);
                } else {
                  look.warning(this, look.at(t), message(t), REMEDY);
                }
              });
    }
  }

  private static String message(Token token) {
    return token.upper()
        + "() gives another value on each server, so under binlog_format=STATEMENT replicas come"
        + " to differ.";
  }

  /** The first such function in a statement for rows, where the log may carry statements. */
  private static Optional<Token> rows(Target target, List<Token> tokens) {
    boolean logsRows = target.log() == Target.Log.ROW || target.log() == Target.Log.MIXED;
    return logsRows ? Optional.empty() : first(tokens, DIFFERENT);
  }

  private static Optional<Token> first(List<Token> tokens, Set<String> names) {
    for (int i = 0; i < tokens.size(); i++) {
      String word = tokens.get(i).kind() == Token.Kind.WORD ? tokens.get(i).upper() : "";
      boolean called =
          BARE.contains(word) || (i + 1 < tokens.size() && tokens.get(i + 1).isSymbol("("));
      boolean column = i > 0 && tokens.get(i - 1).isSymbol(".");
      if (names.contains(word) && called && !column) {
        return Optional.of(tokens.get(i));
      }
    }
    return Optional.empty();
  }

  /**
   * A default of a new column is computed for the rows that are there, on each server by itself.
   */
  private void defaults(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.AddColumn add) {
        String value =
            TableChange.column(look.table(), add.column(), add.definition()).defaultValue();
        List<Token> tokens = value == null ? List.of() : Tokens.of(value);
        Optional<Token> different = first(tokens, DIFFERENT);
        if (different.isEmpty()) {
          different = first(tokens, Set.of("RAND", "RANDOM_BYTES"));
        }
        if (different.isPresent()) {
          look.error(
              this,
              add.place(),
              "The rows that are there get "
                  + different.get().upper()
                  + "() on each server by itself, whatever binlog_format is: replicas differ.",
              "Add it nullable, and let Halcyon fill it: -- halcyon: fill "
                  + look.table().name()
                  + "."
                  + add.column()
                  + " = <expression>");
        } else if (first(tokens, CARRIED).isPresent()) {
          look.information(
              this,
              add.place(),
              "The rows that are there get the time at which each server runs the statement; on a"
                  + " pair that is changed one server after the other they differ.",
              "Give a literal, or fill it.");
        }
      }
    }
  }
}
