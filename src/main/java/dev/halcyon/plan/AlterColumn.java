package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.ColumnTypes;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Expressions;
import dev.halcyon.sql.Sql;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column that keeps its name. What both versions survive comes in expand: a wider type, NULL
 * allowed, a default where there was none. What would refuse the old version's writes waits for
 * contract: a narrower type, NOT NULL, another default or none.
 */
record AlterColumn(
    Place place,
    String table,
    Column before,
    Column after,
    String position,
    Directive.@Nullable Fill fill)
    implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + before.name());
  }

  @Override
  public void derive(Outline outline) {
    ColumnTypes.Step type = ColumnTypes.compare(before, after);
    if (!allowed(outline, type)) {
      return;
    }
    boolean narrows = type == ColumnTypes.Step.NARROWER;
    boolean tightens = before.nullable() && !after.nullable();
    Column window = windowColumn(narrows);
    TableSchema schema = outline.before(table);
    boolean reshaped = !window.definition().equals(before.definition());
    if (reshaped || !position.isEmpty()) {
      outline.alter(
          Stage.EXPAND_SHAPE, "alter column " + label(), table, step(before, window, position));
      guardRollback(outline, schema, type);
      outline.alter(
          Stage.ROLLBACK_SHAPE,
          "give " + label() + " its definition back",
          table,
          step(window, before, formerPosition(schema)));
    }
    if (tightens) {
      keepFilled(outline, schema);
    }
    if (narrows) {
      verifyFits(outline, schema, Stage.EXPAND_CHECK);
      verifyFits(outline, schema, Stage.CONTRACT_CHECK);
    }
    if (!window.definition().equals(after.definition())) {
      outline.alter(
          Stage.CONTRACT_TIGHTEN,
          "give " + label() + " its final definition",
          table,
          step(window, after, ""));
    }
  }

  private boolean allowed(Outline outline, ColumnTypes.Step type) {
    if (type == ColumnTypes.Step.OTHER || !Objects.equals(before.generated(), after.generated())) {
      outline.refuse(
          ErrorCode.MAPPING_MISSING,
          place,
          label()
              + " goes from "
              + before.type()
              + " to "
              + after.type()
              + ", and the running application could not read or write one of them",
          "give the new column another name and say how values correspond: ALTER TABLE "
              + table
              + " CHANGE "
              + before.name()
              + " <new name> "
              + after.type()
              + "; -- halcyon: map "
              + label()
              + " -> <new name> up=\"…\" down=\"…\"");
      return false;
    }
    if (before.autoIncrement() != after.autoIncrement()) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          place,
          label() + " gains or loses AUTO_INCREMENT, which no window can hide",
          "write the phases yourself: .expand.sql and .contract.sql");
      return false;
    }
    if (before.nullable() && !after.nullable() && fill == null) {
      outline.refuse(
          ErrorCode.MAPPING_MISSING,
          place,
          label()
              + " becomes NOT NULL, and nothing says what stands for NULL in rows and in the"
              + " running application's writes",
          "-- halcyon: fill " + label() + " = <value>");
      return false;
    }
    return true;
  }

  private Column windowColumn(boolean narrows) {
    boolean newDefault = before.defaultValue() == null && after.defaultValue() != null;
    return new Column(
        before.name(),
        narrows ? before.type() : after.type(),
        before.characterSet(),
        before.collation(),
        before.nullable() || after.nullable(),
        newDefault ? after.defaultValue() : before.defaultValue(),
        before.generated(),
        before.onUpdate(),
        before.autoIncrement(),
        after.invisible(),
        after.check(),
        after.comment());
  }

  /**
   * The clause from one definition to another; a mere default does not need the whole definition.
   */
  private static String step(Column from, Column to, String position) {
    String name = Sql.name(to.name());
    boolean onlyDefault =
        position.isEmpty()
            && from.withDefault(to.defaultValue()).definition().equals(to.definition());
    if (!onlyDefault) {
      return "MODIFY COLUMN "
          + name
          + " "
          + to.definition()
          + (position.isEmpty() ? "" : " " + position);
    }
    String value = to.defaultValue();
    return "ALTER COLUMN " + name + (value == null ? noDefault(to) : " SET DEFAULT " + value);
  }

  /** Dropping the default of a nullable column would leave it without even NULL. */
  private static String noDefault(Column to) {
    return to.nullable() ? " SET DEFAULT NULL" : " DROP DEFAULT";
  }

  private void keepFilled(Outline outline, TableSchema schema) {
    Directive.Fill value = Objects.requireNonNull(fill);
    List<String> columns = schema.columns().stream().map(Column::name).toList();
    if (Expressions.mentions(value.expression(), before.name())) {
      outline.refuse(
          ErrorCode.MAPPING_INVALID,
          value.place(),
          "the fill of " + label() + " reads the column itself, which is NULL where it is needed",
          "use a constant or other columns");
      return;
    }
    String name = Sql.name(before.name());
    String set =
        "IF NEW."
            + name
            + " IS NULL THEN SET NEW."
            + name
            + " = "
            + Expressions.qualify(value.expression(), columns, "NEW")
            + "; END IF;";
    outline.sync(table).add(set, set, set);
    String here = Sql.name(table);
    outline.fill(
        "fill NULLs of " + label(),
        schema,
        place,
        "UPDATE "
            + here
            + " SET "
            + name
            + " = "
            + Expressions.qualify(value.expression(), columns, here)
            + Outline.keepOnUpdateColumns(schema)
            + " WHERE {range} AND "
            + Sql.name(table, before.name())
            + " IS NULL");
    outline.verify(
        Stage.VERIFY,
        "no NULL in " + label(),
        schema,
        ErrorCode.MISMATCH,
        place,
        new Step.Verify.Fault(
            "null", Sql.name(table, before.name()) + " IS NULL", label() + " has no value"));
  }

  private void verifyFits(Outline outline, TableSchema schema, Stage stage) {
    String condition = ColumnTypes.doesNotFit(Sql.name(table, before.name()), after);
    if (condition == null) {
      return;
    }
    outline.verify(
        stage,
        "every value of " + label() + " fits " + after.type(),
        schema,
        ErrorCode.DATA_DOES_NOT_FIT,
        place,
        new Step.Verify.Fault(
            "does-not-fit", condition, label() + " does not fit " + after.type()));
  }

  /** What the window allowed and the old definition does not. */
  private void guardRollback(Outline outline, TableSchema schema, ColumnTypes.Step type) {
    String here = Sql.name(table, before.name());
    if (!before.nullable() && after.nullable()) {
      outline.verify(
          Stage.ROLLBACK_CHECK,
          "no NULL in " + label(),
          schema,
          ErrorCode.ROLLBACK_LOSES,
          place,
          new Step.Verify.Fault(
              "null", here + " IS NULL", label() + " is NULL, which it must not be again"));
    }
    String condition = type == ColumnTypes.Step.WIDER ? ColumnTypes.doesNotFit(here, before) : null;
    if (condition != null) {
      outline.verify(
          Stage.ROLLBACK_CHECK,
          "every value of " + label() + " fits " + before.type() + " again",
          schema,
          ErrorCode.ROLLBACK_LOSES,
          place,
          new Step.Verify.Fault(
              "does-not-fit", condition, label() + " does not fit " + before.type()));
    }
  }

  private String formerPosition(TableSchema schema) {
    if (position.isEmpty()) {
      return "";
    }
    List<String> names = schema.columns().stream().map(Column::name).toList();
    int at = names.indexOf(before.name());
    return at <= 0 ? "FIRST" : "AFTER " + Sql.name(names.get(at - 1));
  }

  private String label() {
    return table + "." + before.name();
  }
}
