package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import java.util.Optional;

/** A column that keeps its name and gets a type that takes fewer values, or other ones. */
record TypeChange() implements Rule {
  @Override
  public String id() {
    return "H105";
  }

  @Override
  public String title() {
    return "A type that takes fewer values than before, or other ones";
  }

  @Override
  public void statement(StatementLook look) {
    for (StatementLook.Redefinition one : look.redefinitions()) {
      check(look, one.place(), one.column(), one.definition());
    }
  }

  private void check(StatementLook look, Place place, String name, String definition) {
    String label = look.table().name() + "." + name;
    Optional<Column> before = look.table().column(name);
    Column after = TableChange.column(look.table(), name, definition);
    if (before.isEmpty()) {
      look.information(
          this,
          place,
          "What " + label + " is now is not known, so nothing is said of the change of its type.",
          "Say it with --against schema.sql, or --against server.");
    } else if (!Types.isList(before.get()) || !Types.isList(after)) {
      compared(look, place, label, before.get(), after);
    }
  }

  private void compared(
      StatementLook look, Place place, String label, Column before, Column after) {
    String both = label + " goes from " + before.type() + " to " + after.type();
    switch (Types.compare(before, after)) {
      case SAME, WIDER -> {}
      case NARROWER -> {
        if (look.expand()) {
          look.error(
              this,
              place,
              both
                  + ": what the running version writes may not fit and fails with error 1264 or"
                  + " 1406.",
              "Move the statement to the .contract.sql file of this version.");
        } else if (look.derived()) {
          look.information(
              this,
              place,
              both
                  + ". Derived: expand looks whether every value fits, contract looks again and"
                  + " changes it.",
              "");
        }
      }
      case OTHER -> {
        if (!look.contract()) {
          String table = look.table().name();
          look.error(
              this,
              place,
              both + ": one of the two versions cannot read or write it, and the table is copied.",
              "Give the new column a name of its own: ALTER TABLE "
                  + table
                  + " CHANGE "
                  + before.name()
                  + " <new name> "
                  + after.type()
                  + "; and -- halcyon: map "
                  + label
                  + " -> <new name> up=\"…\" down=\"…\"");
        }
      }
    }
  }
}
