package dev.halcyon.lint;

import dev.halcyon.model.Trigger;
import dev.halcyon.sql.AlterClause;
import java.util.List;
import java.util.Optional;

/** A table that has to be written anew and has triggers. */
record RebuiltTriggers() implements Rule {
  @Override
  public String id() {
    return "H211";
  }

  @Override
  public String title() {
    return "Triggers on a table that has to be written anew";
  }

  @Override
  public void statement(StatementLook look) {
    List<Trigger> triggers = look.table().triggers();
    for (AlterClause clause : look.clauses()) {
      Optional<String> reason = Rebuild.reason(look, clause);
      if (reason.isPresent() && !triggers.isEmpty()) {
        look.warning(
            this,
            clause.place(),
            reason.get()
                + ", and "
                + look.table().name()
                + " has the trigger "
                + triggers.getFirst().name()
                + ": a rebuilt table would be without it, or have it fire for copied rows.",
            "Drop the trigger in a change before, rebuild, create it again in one after.");
        return;
      }
    }
  }
}
