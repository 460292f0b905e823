package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another default, or none any more: INSERTs of the running version get something else. */
record ChangedDefault() implements Rule {
  @Override
  public String id() {
    return "H110";
  }

  @Override
  public String title() {
    return "A default that changes or goes away";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.SetDefault c) {
        check(look, c.place(), c.column(), c.expression());
      } else if (clause instanceof AlterClause.DropDefault c) {
        check(look, c.place(), c.column(), null);
      } else if (clause instanceof AlterClause.ModifyColumn c) {
        check(look, c.place(), c.column(), given(look, c.column(), c.definition()));
      }
    }
  }

  private static @Nullable String given(StatementLook look, String column, String definition) {
    return TableChange.column(look.table(), column, definition).defaultValue();
  }

  private void check(StatementLook look, Place place, String name, @Nullable String after) {
    Optional<Column> before = look.table().column(name);
    String old = before.map(Column::defaultValue).orElse(null);
    boolean gone = after == null;
    boolean same = old == null || (after != null && plain(old).equals(plain(after)));
    boolean unknownDrop = before.isEmpty() && gone && !isModify(look);
    if (look.contract() || (same && !unknownDrop)) {
      return;
    }
    String label = look.table().name() + "." + name;
    String message =
        gone
            ? "The default of " + label + " goes away: INSERTs of the running version rely on it."
            : "The default of "
                + label
                + " changes from "
                + old
                + " to "
                + after
                + ": INSERTs of the running version get another value.";
    if (look.derived()) {
      look.information(this, place, message + " Derived: contract changes it.", "");
    } else {
      look.error(
          this, place, message, "Move the statement to the .contract.sql file of this version.");
    }
  }

  private static boolean isModify(StatementLook look) {
    return look.clauses().stream().anyMatch(AlterClause.ModifyColumn.class::isInstance);
  }

  private static String plain(String value) {
    return value.replaceAll("^\\((.*)\\)$", "$1").replace("()", "").toLowerCase(Locale.ROOT);
  }
}
