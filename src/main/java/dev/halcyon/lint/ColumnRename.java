package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;

/** A renamed column: whichever version still says the old name fails. */
record ColumnRename() implements Rule {
  @Override
  public String id() {
    return "H102";
  }

  @Override
  public String title() {
    return "A renamed column";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.RenameColumn rename) {
        report(look, rename.place(), rename.from(), rename.to());
      } else if (clause instanceof AlterClause.ChangeColumn change
          && !change.from().equalsIgnoreCase(change.to())) {
        report(look, change.place(), change.from(), change.to());
      }
    }
  }

  private void report(StatementLook look, Place place, String from, String to) {
    String table = look.table().name();
    if (look.derived()) {
      look.information(
          this,
          place,
          "The running version still says "
              + table
              + "."
              + from
              + ". Derived: expand adds "
              + to
              + ", sync keeps both equal, backfill, verify; contract drops "
              + from
              + ".",
          "");
    } else {
      look.error(
          this,
          place,
          "Queries that say " + table + "." + from + " fail with error 1054 from this moment on.",
          "State the end in one file V<version>__<name>.sql; Halcyon derives the phases.");
    }
  }
}
