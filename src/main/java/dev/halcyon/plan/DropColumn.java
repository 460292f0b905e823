package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Index;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.ColumnTypes;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Sql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that goes away, in contract. Until then the new application's INSERTs leave it out, so
 * one that is NOT NULL without a default needs {@code fill}: what the running application shall
 * read in rows of the new one.
 */
record DropColumn(Place place, String table, Column column, Directive.@Nullable Fill fill)
    implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + column.name());
  }

  @Override
  public void derive(Outline outline) {
    TableSchema before = outline.before(table);
    boolean required =
        !column.nullable()
            && column.defaultValue() == null
            && column.generated() == null
            && !column.autoIncrement();
    if (required && fill == null) {
      outline.refuse(
          ErrorCode.MAPPING_MISSING,
          place,
          label()
              + " is NOT NULL without a default: the new application, which does not know it,"
              + " could not insert until it is dropped",
          "-- halcyon: fill " + label() + " = <what the running application shall read meanwhile>");
      return;
    }
    if (required && fill != null) {
      String name = Sql.name(column.name());
      String value =
          ColumnTypes.takesLiteralDefault(column) || outline.isMariaDb()
              ? fill.expression()
              : "(" + fill.expression() + ")";
      outline.alter(
          Stage.EXPAND_SHAPE,
          "let INSERTs leave out " + label(),
          table,
          "ALTER COLUMN " + name + " SET DEFAULT " + value);
      outline.alter(
          Stage.ROLLBACK_SHAPE,
          "take the default of " + label() + " away",
          table,
          "ALTER COLUMN " + name + " DROP DEFAULT");
    }
    Dependents.refuseUnlessRedefined(outline, before, column.name(), place);
    TableSchema after = outline.facts().tableAfter(table).orElse(before);
    for (Index index : before.indexes()) {
      if (index.uses(column.name()) && !index.isPrimary() && after.index(index.name()).isEmpty()) {
        outline.alter(
            Stage.CONTRACT_KEY,
            "drop index " + index.name(),
            table,
            "DROP INDEX " + Sql.name(index.name()));
      }
    }
    outline.alter(
        Stage.CONTRACT_SHAPE,
        "drop column " + label(),
        table,
        "DROP COLUMN " + Sql.name(column.name()));
    outline.drops(label());
  }

  private String label() {
    return table + "." + column.name();
  }
}
