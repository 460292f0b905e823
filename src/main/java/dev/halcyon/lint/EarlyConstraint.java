package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import java.util.Locale;

/** A new CHECK or FOREIGN KEY, which the running version knows nothing of. */
record EarlyConstraint() implements Rule {
  @Override
  public String id() {
    return "H107";
  }

  @Override
  public String title() {
    return "A new CHECK or FOREIGN KEY on a table in use";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.AddCheck check) {
        boolean enforced = !check.text().toUpperCase(Locale.ROOT).contains("NOT ENFORCED");
        if (enforced) {
          report(look, check.place(), "CHECK", "error 3819 or 4025", "rows that fail it");
        }
      } else if (clause instanceof AlterClause.AddForeignKey key) {
        report(look, key.place(), "FOREIGN KEY", "error 1452", "rows without a parent");
      }
    }
  }

  private void report(StatementLook look, Place place, String what, String error, String rows) {
    String table = look.table().name();
    if (look.expand()) {
      look.error(
          this,
          place,
          "The running version does not know this "
              + what
              + " of "
              + table
              + "; what it writes against it fails with "
              + error
              + ".",
          "Move the statement to the .contract.sql file of this version.");
    } else if (look.derived()) {
      look.information(
          this,
          place,
          "The running version may write against this "
              + what
              + " of "
              + table
              + ". Derived: expand looks for "
              + rows
              + ", contract looks again and adds it.",
          "");
    }
  }
}
