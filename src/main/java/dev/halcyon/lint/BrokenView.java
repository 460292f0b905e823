package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Expressions;
import dev.halcyon.sql.Statement;

/** A view that reads what the change takes away. */
record BrokenView() implements Rule {
  @Override
  public String id() {
    return "H111";
  }

  @Override
  public String title() {
    return "A view that reads what goes away";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.DropTable drop) {
      drop.tables().forEach(t -> tableGoes(look, drop.place(), t));
    } else if (look.statement() instanceof Statement.RenameTable rename && !look.derived()) {
      tableGoes(look, rename.place(), rename.from());
    }
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.DropColumn drop) {
        columnGoes(look, drop.place(), drop.column());
      } else if (clause instanceof AlterClause.RenameColumn rename && !look.derived()) {
        columnGoes(look, rename.place(), rename.from());
      } else if (clause instanceof AlterClause.ChangeColumn change
          && !look.derived()
          && !change.from().equalsIgnoreCase(change.to())) {
        columnGoes(look, change.place(), change.from());
      }
    }
  }

  private void tableGoes(StatementLook look, Place place, String table) {
    look.schema()
        .views()
        .forEach(
            (view, text) -> {
              if (!look.change().redefines(view) && Expressions.mentions(text, table)) {
                report(look, place, view, table);
              }
            });
  }

  private void columnGoes(StatementLook look, Place place, String column) {
    String table = look.table().name();
    look.schema()
        .views()
        .forEach(
            (view, text) -> {
              if (!look.change().redefines(view)
                  && Expressions.mentions(text, table)
                  && Expressions.mentions(text, column)) {
                report(look, place, view, table + "." + column);
              }
            });
  }

  private void report(StatementLook look, Place place, String view, String what) {
    look.error(
        this,
        place,
        "The view " + view + " reads " + what + "; from then on it fails with error 1356.",
        "Redefine or drop it in the same file: CREATE OR REPLACE VIEW " + view + " AS …");
  }
}
