package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import dev.halcyon.model.View;
import dev.halcyon.sql.Expressions;
import dev.halcyon.sql.Sql;
import java.util.List;
import java.util.Optional;

/** The views and the user's triggers that name what goes away: redefined in time, or refused. */
final class Dependents {
  private Dependents() {}

  /** From contract on they read the new column; the rehearsal runs what is printed here. */
  static void redefine(Outline outline, TableSchema table, String old, String target, Place place) {
    for (View view : outline.facts().viewsReading(table.name())) {
      if (Expressions.mentions(view.definition(), old)) {
        String definition = Expressions.renameColumn(view.definition(), table.name(), old, target);
        redefine(outline, view, definition, place);
      }
    }
    for (Trigger trigger : table.triggers()) {
      if (!ObjectNames.isOurs(trigger.name()) && Expressions.mentions(trigger.body(), old)) {
        String body = Expressions.renameRowColumn(trigger.body(), old, target);
        outline.redefinesInContract(table.name() + "." + trigger.name(), place);
        outline.sync(table.name()).redefineInContract(trigger, recreate(table, trigger, body));
      }
    }
  }

  /** The same for a table under a new name. */
  static void redefineForTable(Outline outline, String from, String to, Place place) {
    for (View view : outline.facts().viewsReading(from)) {
      redefine(outline, view, Expressions.renameTable(view.definition(), from, to), place);
    }
  }

  /** A dropped column has no successor, so whoever names it must be redefined by the user. */
  static void refuseUnlessRedefined(
      Outline outline, TableSchema table, String column, Place place) {
    for (View view : outline.facts().viewsReading(table.name())) {
      if (Expressions.mentions(view.definition(), column) && !outline.redefines(view.name())) {
        outline.refuse(
            ErrorCode.DEPENDENT_BREAKS,
            place,
            "the view "
                + view.name()
                + " reads "
                + table.name()
                + "."
                + column
                + " and would fail with 1356",
            "redefine or drop it in the same file: CREATE OR REPLACE VIEW "
                + view.name()
                + " AS …");
      }
    }
    for (Trigger trigger : table.triggers()) {
      if (!ObjectNames.isOurs(trigger.name()) && Expressions.mentions(trigger.body(), column)) {
        outline.refuse(
            ErrorCode.DEPENDENT_BREAKS,
            place,
            "the trigger "
                + trigger.name()
                + " names "
                + table.name()
                + "."
                + column
                + ", and every write would fail with 1054",
            "redefine or drop it in a change before this one");
      }
    }
  }

  private static void redefine(Outline outline, View view, String definition, Place place) {
    if (outline.redefines(view.name())) {
      return;
    }
    String local = definition.replace(Sql.name(outline.facts().schema()) + ".", "");
    String sql =
        "CREATE OR REPLACE DEFINER = "
            + account(view.definer())
            + " SQL SECURITY "
            + view.security()
            + " VIEW "
            + Sql.name(view.name())
            + " AS "
            + local
            + (view.checkOption().equals("NONE")
                ? ""
                : " WITH " + view.checkOption() + " CHECK OPTION");
    outline.redefinesInContract(view.name(), place);
    outline.ddl(Stage.CONTRACT_DEPENDENTS, "redefine view " + view.name(), view.name(), sql);
    outline.note("view " + view.name() + " is redefined in contract (" + place + ")");
  }

  private static String recreate(TableSchema table, Trigger trigger, String body) {
    return "CREATE DEFINER = "
        + account(trigger.definer())
        + " TRIGGER "
        + Sql.name(trigger.name())
        + " "
        + trigger.timing()
        + " "
        + trigger.event()
        + " ON "
        + Sql.name(table.name())
        + " FOR EACH ROW "
        + neighbour(table, trigger)
        + body;
  }

  /** Dropping and creating puts a trigger last, so its place is named. */
  private static String neighbour(TableSchema table, Trigger trigger) {
    Optional<Trigger> next =
        sameKind(table, trigger).stream().filter(t -> t.order() > trigger.order()).findFirst();
    return next.map(t -> "PRECEDES " + Sql.name(t.name()) + " ").orElse("");
  }

  private static List<Trigger> sameKind(TableSchema table, Trigger trigger) {
    return table.triggers().stream()
        .filter(t -> !ObjectNames.isOurs(t.name()))
        .filter(t -> t.timing().equals(trigger.timing()) && t.event().equals(trigger.event()))
        .sorted((a, b) -> Integer.compare(a.order(), b.order()))
        .toList();
  }

  private static String account(String definer) {
    int at = definer.lastIndexOf('@');
    return at < 0
        ? Sql.name(definer)
        : Sql.name(definer.substring(0, at)) + "@" + Sql.name(definer.substring(at + 1));
  }
}
