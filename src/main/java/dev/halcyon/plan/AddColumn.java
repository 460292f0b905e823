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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A new column. Nullable or with a default it is simply added. NOT NULL without a default it needs
 * {@code fill}: a constant becomes the default for as long as the window is open, so that no row
 * has to be written; an expression is kept by sync triggers and filled into the rows.
 */
record AddColumn(
    Place place, String table, Column column, String position, Directive.@Nullable Fill fill)
    implements Operation {
  private static final Pattern CONSTANT =
      Pattern.compile(
          "'(?:[^'\\\\]|'')*'|[-+]?\\d+(\\.\\d+)?|TRUE|FALSE", Pattern.CASE_INSENSITIVE);

  static boolean isConstant(String expression) {
    return CONSTANT.matcher(expression.trim()).matches();
  }

  @Override
  public List<String> touches() {
    return List.of(table + "." + column.name());
  }

  @Override
  public void derive(Outline outline) {
    if (column.autoIncrement()) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          place,
          "adding the AUTO_INCREMENT column "
              + label()
              + " needs the table to be copied, and every"
              + " replica numbers the rows in its own order",
          "the online rebuild is needed");
      return;
    }
    boolean needsFill =
        !column.nullable() && column.defaultValue() == null && column.generated() == null;
    if (needsFill && fill == null) {
      outline.refuse(
          ErrorCode.MAPPING_MISSING,
          place,
          label()
              + " is NOT NULL without a default: rows that are there, and the running"
              + " application's INSERTs, give no value for it",
          "-- halcyon: fill " + label() + " = <value>");
      return;
    }
    if (fill == null) {
      add(outline, column);
      guardRollback(outline, column.defaultValue() == null ? "NULL" : column.defaultValue());
    } else if (needsFill
        && isConstant(fill.expression())
        && ColumnTypes.takesLiteralDefault(column)) {
      addWithDefault(outline, fill.expression());
    } else {
      addAndFill(outline, fill.expression(), needsFill);
    }
    outline.alter(
        Stage.ROLLBACK_SHAPE,
        "drop column " + label(),
        table,
        "DROP COLUMN " + Sql.name(column.name()));
  }

  private void add(Outline outline, Column shape) {
    String clause =
        "ADD COLUMN " + Sql.name(column.name()) + " " + shape.definition() + suffix(position);
    outline.alter(Stage.EXPAND_SHAPE, "add column " + label(), table, clause);
  }

  private void addWithDefault(Outline outline, String value) {
    add(outline, column.withDefault(value));
    outline.alter(
        Stage.CONTRACT_TIGHTEN,
        "drop the default of " + label(),
        table,
        "ALTER COLUMN " + Sql.name(column.name()) + " DROP DEFAULT");
    guardRollback(outline, value);
  }

  private void addAndFill(Outline outline, String expression, boolean tighten) {
    TableSchema before = outline.before(table);
    List<String> columns = before.columns().stream().map(Column::name).toList();
    boolean readsNumber =
        before.columns().stream()
            .filter(Column::autoIncrement)
            .anyMatch(c -> Expressions.mentions(expression, c.name()));
    if (readsNumber) {
      outline.refuse(
          ErrorCode.MAPPING_INVALID,
          fill == null ? place : fill.place(),
          "the fill of "
              + label()
              + " reads the AUTO_INCREMENT column, which has no value yet when"
              + " a row is inserted",
          "use other columns, or a constant");
      return;
    }
    add(outline, tighten ? column.withNullable(true).withDefault(null) : column);
    String name = Sql.name(column.name());
    String set =
        "IF NEW."
            + name
            + " IS NULL THEN SET NEW."
            + name
            + " = "
            + Expressions.qualify(expression, columns, "NEW")
            + "; END IF;";
    if (tighten) {
      outline.sync(table).add(set, set, set);
    }
    String here = Expressions.qualify(expression, columns, Sql.name(table));
    outline.fill(
        "fill " + label(),
        before,
        place,
        "UPDATE "
            + Sql.name(table)
            + " SET "
            + name
            + " = "
            + here
            + Outline.keepOnUpdateColumns(before)
            + " WHERE {range} AND "
            + Sql.name(table, column.name())
            + " IS NULL");
    if (tighten) {
      outline.verify(
          Stage.VERIFY,
          "no NULL in " + label(),
          before,
          ErrorCode.MISMATCH,
          place,
          new Step.Verify.Fault(
              "null", Sql.name(table, column.name()) + " IS NULL", label() + " has no value"));
      outline.alter(
          Stage.CONTRACT_TIGHTEN,
          "make " + label() + " NOT NULL",
          table,
          "MODIFY COLUMN " + name + " " + column.definition());
    }
  }

  /** A rollback must not lose what only the new column holds. */
  private void guardRollback(Outline outline, String value) {
    if (column.generated() != null || (!isConstant(value) && !value.equals("NULL"))) {
      return;
    }
    String here = Sql.name(table, column.name());
    TableSchema before = outline.before(table);
    if (before.chunkKey().isEmpty()) {
      return;
    }
    outline.verify(
        Stage.ROLLBACK_CHECK,
        "nothing is only in " + label(),
        before,
        ErrorCode.ROLLBACK_LOSES,
        place,
        new Step.Verify.Fault(
            "only-here",
            "NOT (" + here + " <=> " + value + ")",
            label() + " holds a value that exists nowhere else"));
  }

  private String label() {
    return table + "." + column.name();
  }

  private static String suffix(String position) {
    return position.isEmpty() ? "" : " " + position;
  }
}
