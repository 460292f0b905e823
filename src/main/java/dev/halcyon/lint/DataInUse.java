package dev.halcyon.lint;

import dev.halcyon.model.Phase;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Statement;

/** Rows that the running version reads are changed or deleted under it. */
record DataInUse() implements Rule {
  @Override
  public String id() {
    return "H303";
  }

  @Override
  public String title() {
    return "Rows changed or deleted that the running version may read";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.Delete delete) {
      boolean early =
          look.expand()
              || (look.derived()
                  && look.change()
                      .phase()
                      .map(Directive.InPhase::phase)
                      .filter(Phase.EXPAND::equals)
                      .isPresent());
      if (early) {
        report(look, delete.place(), "deletes", delete.table());
      }
    } else if (look.statement() instanceof Statement.Update update) {
      boolean early = look.expand() || (look.derived() && look.change().phase().isEmpty());
      if (early) {
        report(look, update.place(), "changes", update.table());
      }
    }
  }

  private void report(StatementLook look, Place place, String verb, String table) {
    if (look.change().creates(table)) {
      return;
    }
    look.warning(
        this,
        place,
        "It "
            + verb
            + " rows of "
            + table
            + " in expand, while the running version may still read them as they are.",
        look.derived()
            ? "-- halcyon: phase contract; or, if the running version does not mind:"
                + (verb.equals("changes")
                    ? " -- halcyon: phase expand"
                    : " -- halcyon: allow H303 because …")
            : "Move the statement to the .contract.sql file, or: -- halcyon: allow H303 because …");
  }
}
