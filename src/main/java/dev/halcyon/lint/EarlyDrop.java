package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;

/** A column or table that goes away while the running version may still use it. */
record EarlyDrop() implements Rule {
  @Override
  public String id() {
    return "H104";
  }

  @Override
  public String title() {
    return "A column or table that is dropped while it may be in use";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.DropTable drop) {
      drop.tables().stream()
          .filter(t -> !look.change().creates(t) && !look.change().mirrors(t))
          .forEach(t -> report(look, drop.place(), t, 1146));
    }
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.DropColumn drop && !taken(look, drop.column())) {
        String name = look.table().name() + "." + drop.column();
        if (look.derived() && mustBeGiven(look, drop.column())) {
          needsFill(look, drop.place(), name);
        } else {
          report(look, drop.place(), name, 1054);
        }
      }
    }
  }

  /** Whether its values live on elsewhere, by a directive. */
  private static boolean taken(StatementLook look, String column) {
    String table = look.table().name();
    return look.change().moves(table, column) || look.change().mapFrom(table, column).isPresent();
  }

  private static boolean mustBeGiven(StatementLook look, String column) {
    return !look.change().fills(look.table().name(), column)
        && look.table().column(column).filter(EarlyDrop::required).isPresent();
  }

  private static boolean required(Column column) {
    return !column.nullable()
        && column.defaultValue() == null
        && column.generated() == null
        && !column.autoIncrement();
  }

  private void needsFill(StatementLook look, Place place, String name) {
    look.error(
        this,
        place,
        name
            + " is NOT NULL without a default: the new version, which does not know it, could not"
            + " insert until contract drops it.",
        "-- halcyon: fill " + name + " = <what the running version shall read meanwhile>");
  }

  private void report(StatementLook look, Place place, String name, int error) {
    if (look.expand()) {
      look.error(
          this,
          place,
          "Queries of the running version that name " + name + " fail with error " + error + ".",
          "Move the statement to the .contract.sql file of this version.");
    } else if (look.derived() && !look.change().gated()) {
      look.information(
          this,
          place,
          name + " may still be in use. Derived: contract drops it, expand leaves it.",
          "To hold contract back until nobody uses it: -- halcyon: gate unused=7d");
    }
  }
}
