package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another character set or collation for text that is there. */
record CharacterSetChange() implements Rule {
  @Override
  public String id() {
    return "H203";
  }

  @Override
  public String title() {
    return "Another character set or collation for a table or column";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.Other other && other.what().startsWith("CONVERT")) {
        report(look, other.place(), look.table().name());
      } else if (clause instanceof AlterClause.ModifyColumn modify) {
        column(look, modify.place(), modify.column(), modify.definition());
      }
    }
  }

  private void column(StatementLook look, Place place, String name, String definition) {
    Optional<Column> before = look.table().column(name);
    Column after = TableChange.column(look.table(), name, definition);
    boolean differs =
        before.isPresent()
            && (differ(before.get().characterSet(), after.characterSet())
                || differ(before.get().collation(), after.collation()));
    if (differs) {
      report(look, place, look.table().name() + "." + name);
    }
  }

  private static boolean differ(@Nullable String before, @Nullable String after) {
    return before != null && after != null && !before.equalsIgnoreCase(after);
  }

  private void report(StatementLook look, Place place, String what) {
    look.error(
        this,
        place,
        what
            + " gets another character set or collation: every server can only copy the table for"
            + " it, joins with columns of the old one lose their index, and keys may clash.",
        "halcyon alter \"ALTER TABLE "
            + look.table().name()
            + " CONVERT TO CHARACTER SET …\" copies it in the background; convert joined tables"
            + " together.");
  }
}
