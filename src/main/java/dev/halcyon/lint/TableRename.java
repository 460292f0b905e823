package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;

/** A renamed table: whichever version still says the old name fails. */
record TableRename() implements Rule {
  @Override
  public String id() {
    return "H103";
  }

  @Override
  public String title() {
    return "A renamed table";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.RenameTable rename
        && !look.change().creates(rename.from())) {
      report(look, rename.place(), rename.from(), rename.to());
    }
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.RenameTable rename) {
        report(look, rename.place(), look.table().name(), rename.to());
      }
    }
  }

  private void report(StatementLook look, Place place, String from, String to) {
    if (look.derived()) {
      look.information(
          this,
          place,
          "The running version still says "
              + from
              + ". Derived: in expand "
              + to
              + " is a view that can be written to; contract swaps table and view in one statement.",
          "");
    } else {
      look.error(
          this,
          place,
          "Queries that say " + from + " fail with error 1146 from this moment on.",
          "State the end in one file V<version>__<name>.sql; Halcyon keeps both names.");
    }
  }
}
