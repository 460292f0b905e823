package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.model.Trigger;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Expressions;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A trigger or routine that names what is not there: the server takes it, the next write fails. */
record BrokenProgram() implements Rule {
  private static final Set<String> BEFORE_TABLE = Set.of("FROM", "JOIN", "UPDATE", "INTO");

  @Override
  public String id() {
    return "H112";
  }

  @Override
  public String title() {
    return "A trigger or routine that names what is not there";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.CreateTrigger trigger) {
      rowColumns(look, trigger);
      tables(look);
    } else if (look.statement() instanceof Statement.CreateRoutine) {
      tables(look);
    }
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.DropColumn drop) {
        columnGoes(look, drop.place(), drop.column());
      } else if (clause instanceof AlterClause.RenameColumn rename && !look.derived()) {
        columnGoes(look, rename.place(), rename.from());
      }
    }
  }

  /** {@code NEW.c} and {@code OLD.c} of a table whose columns are all known. */
  private void rowColumns(StatementLook look, Statement.CreateTrigger trigger) {
    Optional<KnownTable> table = look.schema().whole(trigger.table());
    List<Token> tokens = look.tokens();
    for (int i = 2; table.isPresent() && i < tokens.size(); i++) {
      boolean ofRow =
          tokens.get(i - 1).isSymbol(".")
              && (tokens.get(i - 2).isWord("NEW") || tokens.get(i - 2).isWord("OLD"));
      if (ofRow && tokens.get(i).isName() && !has(table.get(), tokens.get(i))) {
        look.error(
            this,
            look.at(tokens.get(i)),
            "There is no column "
                + tokens.get(i).bare()
                + " in "
                + trigger.table()
                + "; the server refuses the trigger with error 1054.",
            "Check the name.");
      }
    }
  }

  private static boolean has(KnownTable table, Token name) {
    return table.column(name.bare()).isPresent();
  }

  /** Of a schema that is wholly known. */
  private void tables(StatementLook look) {
    List<Token> tokens = look.tokens();
    Set<String> made = temporary(tokens);
    for (int i = 1; look.schema().closed() && i < tokens.size(); i++) {
      Token name = tokens.get(i);
      boolean isTable =
          BEFORE_TABLE.contains(tokens.get(i - 1).upper())
              && name.isName()
              && !isSymbol(tokens, i + 1, ".")
              && !isSymbol(tokens, i + 1, "(")
              && !isIntoVariable(tokens, i);
      if (isTable && !exists(look, name.bare()) && !made.contains(name.bare())) {
        look.error(
            this,
            look.at(name),
            "There is no table "
                + name.bare()
                + ". The server takes the program all the same, and"
                + " every statement that runs it fails with error 1146.",
            "Check the name, or create the table in a change before this one.");
      }
    }
  }

  /**
   * {@code SELECT x INTO y}: a variable of the routine, unless an INSERT or REPLACE stands before.
   */
  private static boolean isIntoVariable(List<Token> tokens, int i) {
    if (tokens.get(i - 1).isWord("UPDATE")) {
      boolean clause =
          i >= 2 && List.of("FOR", "KEY", "AFTER", "BEFORE").contains(tokens.get(i - 2).upper());
      return clause || tokens.get(i).isWord("ON");
    }
    boolean insert =
        i >= 2
            && List.of("INSERT", "REPLACE", "IGNORE", "DELAYED", "LOW_PRIORITY", "HIGH_PRIORITY")
                .contains(tokens.get(i - 2).upper());
    return tokens.get(i - 1).isWord("INTO") && !insert;
  }

  /**
   * Tables that the program makes itself, and the names of common table expressions and cursors.
   */
  private static Set<String> temporary(List<Token> tokens) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < tokens.size(); i++) {
      Token before = tokens.get(i - 1);
      boolean made =
          before.isWord("TABLE")
              || before.isWord("EXISTS")
              || before.isWord("WITH")
              || before.isWord("RECURSIVE")
              || before.isWord("DECLARE")
              || before.isWord("FETCH")
              || (isSymbol(tokens, i + 2, "(") && tokens.get(i + 1).isWord("AS"));
      if (made && tokens.get(i).isName()) {
        names.add(tokens.get(i).bare());
      }
    }
    return names;
  }

  private static boolean isSymbol(List<Token> tokens, int i, String symbol) {
    return i < tokens.size() && tokens.get(i).isSymbol(symbol);
  }

  private static boolean exists(StatementLook look, String name) {
    return look.schema().table(name).isPresent()
        || look.schema().views().containsKey(name)
        || name.equalsIgnoreCase("dual");
  }

  private void columnGoes(StatementLook look, Place place, String column) {
    for (Trigger trigger : look.table().triggers()) {
      if (Expressions.mentions(trigger.body(), column)) {
        look.error(
            this,
            place,
            "The trigger "
                + trigger.name()
                + " names "
                + look.table().name()
                + "."
                + column
                + "; from then on every "
                + trigger.event()
                + " fails with error 1054.",
            "Redefine or drop it in a change before this one.");
      }
    }
  }
}
