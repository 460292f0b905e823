package dev.halcyon.lint;

import dev.halcyon.model.Index;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;

/** An index that is dropped while the optimiser may still use it. */
record VisibleIndexDrop() implements Rule {
  @Override
  public String id() {
    return "H208";
  }

  @Override
  public String title() {
    return "An index dropped while the optimiser may use it";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.DropIndex drop && !hidden(look, drop.index())) {
        report(look, drop);
      }
    }
  }

  /** Whether it has been taken from the optimiser before, or by this change's expand. */
  private static boolean hidden(StatementLook look, String index) {
    boolean before = look.table().index(index).map(i -> !i.visible()).orElse(false);
    return before
        || look.change().expand().stream()
            .filter(Statement.AlterTable.class::isInstance)
            .map(Statement.AlterTable.class::cast)
            .filter(s -> s.table().equalsIgnoreCase(look.table().name()))
            .flatMap(s -> s.clauses().stream())
            .anyMatch(
                c ->
                    c instanceof AlterClause.SetIndexVisible hide
                        && !hide.visible()
                        && hide.index().equalsIgnoreCase(index));
  }

  private void report(StatementLook look, AlterClause.DropIndex drop) {
    String table = look.table().name();
    if (look.derived()) {
      look.information(
          this,
          drop.place(),
          "Queries may use "
              + drop.index()
              + " of "
              + table
              + ". Derived: expand hides it from the optimiser, which a rollback takes back in a"
              + " moment; contract drops it.",
          "");
      return;
    }
    boolean unique = look.table().index(drop.index()).map(Index::unique).orElse(false);
    look.warning(
        this,
        drop.place(),
        "If a query needs "
            + drop.index()
            + " of "
            + table
            + " after all, making it again takes as long as the table is large."
            + (unique ? " It also keeps values unique." : ""),
        "Hide it in the .expand.sql file first: ALTER TABLE "
            + table
            + " ALTER INDEX "
            + drop.index()
            + (look.target().isMySql() ? " INVISIBLE" : " IGNORED"));
  }
}
