package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;

/** A column that could be NULL and no longer may. */
record TightenedNull() implements Rule {
  @Override
  public String id() {
    return "H106";
  }

  @Override
  public String title() {
    return "A column that becomes NOT NULL";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.ModifyColumn modify) {
        check(look, modify.place(), modify.column(), modify.column(), modify.definition());
      } else if (clause instanceof AlterClause.ChangeColumn change) {
        check(look, change.place(), change.from(), change.to(), change.definition());
      }
    }
  }

  private void check(StatementLook look, Place place, String from, String to, String definition) {
    String table = look.table().name();
    boolean wasNullable = look.table().column(from).map(Column::nullable).orElse(false);
    boolean isNullable = TableChange.column(look.table(), to, definition).nullable();
    boolean resolved =
        look.derived()
            && (look.change().fills(table, to) || look.change().mapFrom(table, from).isPresent());
    if (wasNullable && !isNullable && !look.contract() && !resolved) {
      String name = table + "." + to;
      look.error(
          this,
          place,
          name + " becomes NOT NULL: where the running version writes NULL it fails with 1048.",
          look.derived()
              ? "-- halcyon: fill " + name + " = <what stands for NULL>"
              : "Move the statement to the .contract.sql file of this version.");
    }
  }
}
