package dev.halcyon.lint;

import dev.halcyon.sql.AlterClause;
import java.util.Optional;

/** A table that has to be written anew and has foreign keys, its own or pointing at it. */
record RebuiltForeignKey() implements Rule {
  @Override
  public String id() {
    return "H210";
  }

  @Override
  public String title() {
    return "Foreign keys on a table that has to be written anew";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      Optional<String> reason = Rebuild.reason(look, clause);
      Optional<String> key = reason.isEmpty() ? Optional.empty() : key(look);
      if (key.isPresent()) {
        look.warning(
            this,
            clause.place(),
            reason.orElse("")
                + ", and "
                + key.get()
                + ": no online rebuild takes the table as it is, since foreign keys follow the old"
                + " one when tables are swapped.",
            "Drop the foreign key in a change before, rebuild, add it again in one after.");
        return;
      }
    }
  }

  /** Whether nothing hangs on the table that a rebuild would leave behind. */
  static boolean free(StatementLook look) {
    return look.table().triggers().isEmpty() && key(look).isEmpty();
  }

  private static Optional<String> key(StatementLook look) {
    KnownTable table = look.table();
    if (!table.foreignKeys().isEmpty()) {
      return Optional.of(
          table.name() + " refers to " + table.foreignKeys().getFirst().referencedTable());
    }
    return look.schema().tables().stream()
        .filter(
            t ->
                t.foreignKeys().stream()
                    .anyMatch(k -> k.referencedTable().equalsIgnoreCase(table.name())))
        .map(t -> t.name() + " refers to " + table.name())
        .findFirst();
  }
}
