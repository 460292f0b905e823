package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.sql.AlterClause;

/**
 * A new column that is NOT NULL without a default: INSERTs of the running version do not name it.
 */
record RequiredColumn() implements Rule {
  @Override
  public String id() {
    return "H101";
  }

  @Override
  public String title() {
    return "A new column that INSERTs of the running version would have to give";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.AddColumn add && !look.contract()) {
        check(look, add);
      }
    }
  }

  private void check(StatementLook look, AlterClause.AddColumn add) {
    String table = look.table().name();
    Column column = TableChange.column(look.table(), add.column(), add.definition());
    boolean required =
        !column.nullable()
            && column.defaultValue() == null
            && column.generated() == null
            && !column.autoIncrement();
    boolean resolved =
        look.derived()
            && (look.change().fills(table, add.column())
                || look.change().mapTo(table, add.column()).isPresent()
                || look.change().moves(table, add.column()));
    if (required && !resolved) {
      String name = table + "." + add.column();
      look.error(
          this,
          add.place(),
          name
              + " is NOT NULL without a default: INSERTs of the running version leave it out and"
              + " fail with error 1364.",
          look.derived()
              ? "-- halcyon: fill " + name + " = <value>"
              : "Add it with a default, or nullable and make it NOT NULL in contract.");
    }
  }
}
