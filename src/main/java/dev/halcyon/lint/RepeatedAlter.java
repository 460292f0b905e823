package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Two ALTERs of one table in one phase as written: each may go through the table. */
record RepeatedAlter() implements Rule {
  @Override
  public String id() {
    return "H205";
  }

  @Override
  public String title() {
    return "Several ALTERs of one table in one phase";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.AlterTable alter) {
      List<Statement> phase =
          switch (look.moment()) {
            case EXPAND -> look.change().expand();
            case CONTRACT -> look.change().contract();
            case END_STATE, REPEATABLE -> List.of();
          };
      Optional<Statement.AlterTable> first =
          phase.stream()
              .filter(Statement.AlterTable.class::isInstance)
              .map(Statement.AlterTable.class::cast)
              .filter(s -> s.table().equalsIgnoreCase(alter.table()))
              .findFirst();
      if (first.isPresent() && !first.get().equals(alter)) {
        look.warning(
            this,
            alter.place(),
            alter.table()
                + " is altered already at "
                + first.get().place()
                + ": each ALTER waits for the table's lock anew, and may write the table anew.",
            "Put the clauses into one ALTER TABLE " + alter.table() + ".");
      }
    }
  }
}
