package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.ColumnTypes;
import java.util.Optional;

/** Members of an ENUM or SET that are taken out, or change their place. */
record MemberOrder() implements Rule {
  @Override
  public String id() {
    return "H109";
  }

  @Override
  public String title() {
    return "ENUM or SET members taken out or in another order";
  }

  @Override
  public void statement(StatementLook look) {
    for (StatementLook.Redefinition one : look.redefinitions()) {
      check(look, one.place(), one.column(), one.definition());
    }
  }

  private void check(StatementLook look, Place place, String name, String definition) {
    Optional<Column> before = look.table().column(name).filter(Types::isList);
    Column after = TableChange.column(look.table(), name, definition);
    if (before.isEmpty() || !Types.isList(after)) {
      return;
    }
    ColumnTypes.Step step = Types.compare(before.get(), after);
    if (step == ColumnTypes.Step.NARROWER || step == ColumnTypes.Step.OTHER) {
      String label = look.table().name() + "." + name;
      look.error(
          this,
          place,
          label
              + " goes from "
              + before.get().type()
              + " to "
              + after.type()
              + ": the table is copied, rows with a member that is gone do not fit, and row changes"
              + " in the binary log are numbers, which mean another member on a replica.",
          "Append new members at the end. To take one out, give the column another name: "
              + "-- halcyon: map "
              + label
              + " -> <new name> up=\"…\" down=\"…\"");
    }
  }
}
