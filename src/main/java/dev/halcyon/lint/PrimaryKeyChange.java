package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import java.util.Optional;

/** Another primary key, or an AUTO_INCREMENT that comes or goes. */
record PrimaryKeyChange() implements Rule {
  private static final String REMEDY =
      "Make a new table with the key that you want and move the rows over: CREATE TABLE, and"
          + " -- halcyon: map or split; or halcyon alter for the whole table.";

  @Override
  public String id() {
    return "H113";
  }

  @Override
  public String title() {
    return "A change of the primary key or of AUTO_INCREMENT";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.Other other && other.what().endsWith("PRIMARY KEY")) {
        report(look, other.place(), "The primary key of " + look.table().name() + " changes");
      } else if (clause instanceof AlterClause.AddColumn add) {
        Column column = TableChange.column(look.table(), add.column(), add.definition());
        if (column.autoIncrement()) {
          report(look, add.place(), label(look, add.column()) + " numbers the rows that are there");
        }
      } else if (clause instanceof AlterClause.ModifyColumn modify) {
        counter(look, modify.place(), modify.column(), modify.definition());
      }
    }
  }

  private void counter(StatementLook look, Place place, String name, String definition) {
    Optional<Column> before = look.table().column(name);
    boolean after = TableChange.column(look.table(), name, definition).autoIncrement();
    if (before.isPresent() && before.get().autoIncrement() != after) {
      report(look, place, label(look, name) + (after ? " gains" : " loses") + " AUTO_INCREMENT");
    }
  }

  private static String label(StatementLook look, String column) {
    return look.table().name() + "." + column;
  }

  private void report(StatementLook look, Place place, String what) {
    look.error(
        this,
        place,
        what
            + ": the table is copied while writers wait, and replicas may number or order its rows"
            + " differently.",
        REMEDY);
  }
}
