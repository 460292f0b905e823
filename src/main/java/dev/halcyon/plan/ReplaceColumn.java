package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Index;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.ColumnTypes;
import dev.halcyon.sql.Sql;
import java.util.List;

/**
 * A column that goes over into another one: a rename, or a new type under a new name with a {@code
 * map}. Both stand side by side in the window, kept equal both ways.
 */
record ReplaceColumn(
    Place place, String table, Column old, Column target, String position, Mapping mapping)
    implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + old.name(), table + "." + target.name());
  }

  @Override
  public void derive(Outline outline) {
    TableSchema before = outline.before(table);
    if (!ReplaceColumnLimits.allow(this, before, outline)) {
      return;
    }
    if (old.generated() != null) {
      moveGenerated(outline);
      return;
    }
    String name = Sql.name(target.name());
    Column inWindow = windowColumn();
    outline.alter(
        Stage.EXPAND_SHAPE,
        "add column " + label(target),
        table,
        "ADD COLUMN " + name + " " + inWindow.definition() + " " + where());
    outline.alter(
        Stage.ROLLBACK_SHAPE, "drop column " + label(target), table, "DROP COLUMN " + name);
    toleratesOmission(outline);
    sync(outline, inWindow);
    outline.fill(
        "fill " + label(target) + " from " + old.name(),
        before,
        place,
        "UPDATE "
            + Sql.name(table)
            + " SET "
            + name
            + " = "
            + mapping.up(Sql.name(table))
            + Outline.keepOnUpdateColumns(before)
            + " WHERE {range} AND NOT ("
            + mapping.isUp(Sql.name(table))
            + ")");
    moveKeys(outline, before);
    verify(outline, before);
    if (!target.definition().equals(inWindow.definition())) {
      outline.alter(
          Stage.CONTRACT_TIGHTEN,
          "give " + label(target) + " its final definition",
          table,
          "MODIFY COLUMN " + name + " " + target.definition());
    }
    Dependents.redefine(outline, before, old.name(), target.name(), place);
    outline.alter(
        Stage.CONTRACT_SHAPE,
        "drop column " + label(old),
        table,
        "DROP COLUMN " + Sql.name(old.name()));
    outline.drops(label(old));
  }

  /**
   * Nullable, so that a row without a value can be told from one whose writer gave it; with the
   * default of the end state where NULL itself is a value.
   */
  private Column windowColumn() {
    boolean defaultTells =
        target.nullable()
            && target.defaultValue() != null
            && AddColumn.isConstant(target.defaultValue());
    return defaultTells ? target : target.withNullable(true).withDefault(null);
  }

  private void sync(Outline outline, Column inWindow) {
    String oldNow = "NEW." + Sql.name(old.name());
    String newNow = "NEW." + Sql.name(target.name());
    String unset = inWindow.defaultValue() == null ? "NULL" : inWindow.defaultValue();
    String setNew = "SET " + newNow + " = " + mapping.up("NEW") + ";";
    String setOld = "SET " + oldNow + " = " + mapping.down("NEW") + ";";
    String onInsert =
        "IF NOT ("
            + Equality.ofOne(target, newNow, unset)
            + ") THEN "
            + setOld
            + " ELSE "
            + setNew
            + " END IF;";
    String onUpdate =
        "IF "
            + mapping.sourceChanged()
            + " THEN "
            + setNew
            + " ELSEIF NOT ("
            + Equality.ofOne(target, newNow, "OLD." + Sql.name(target.name()))
            + ") AND NOT ("
            + mapping.isUp("NEW")
            + ") THEN "
            + setOld
            + " END IF;";
    String reconcile = "IF NOT (" + mapping.isDown("NEW") + ") THEN " + setNew + " END IF;";
    outline.sync(table).add(onInsert, onUpdate, reconcile);
  }

  /**
   * In the window the new application does not name the old column; in contract no trigger sets it.
   */
  private void toleratesOmission(Outline outline) {
    if (old.nullable() || old.defaultValue() != null) {
      return;
    }
    String neutral = ColumnTypes.neutralValue(old, outline.isMariaDb());
    if (neutral == null) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          place,
          label(old)
              + " is NOT NULL and of type "
              + old.type()
              + ", for which no neutral value is known",
          "write the phases yourself: .expand.sql and .contract.sql");
      return;
    }
    String name = Sql.name(old.name());
    String set = "ALTER COLUMN " + name + " SET DEFAULT " + neutral;
    String title = "let INSERTs leave out " + label(old);
    if (outline.isMariaDb()) {
      outline.alter(Stage.EXPAND_SHAPE, title, table, set);
      outline.alter(
          Stage.ROLLBACK_SHAPE,
          "take the default of " + label(old) + " away",
          table,
          "ALTER COLUMN " + name + " DROP DEFAULT");
    } else {
      outline.alter(Stage.CONTRACT_TOLERATE, title, table, set);
    }
  }

  private void verify(Outline outline, TableSchema before) {
    String qualifier = Sql.name(table);
    String isUp = mapping.isUp(qualifier);
    String isDown = mapping.isDown(qualifier);
    outline.verify(
        Stage.VERIFY,
        label(old) + " and " + label(target) + " agree",
        before,
        ErrorCode.MISMATCH,
        place,
        new Step.Verify.Fault(
            "differs",
            "NOT (" + isUp + ") AND NOT (" + isDown + ")",
            target.name() + " is not what " + old.name() + " maps to, nor the reverse"),
        new Step.Verify.Fault(
            "round-trip",
            "(" + isUp + ") AND NOT (" + isDown + ")",
            old.name() + " does not come back when mapped up and down again"));
  }

  /**
   * Indexes and foreign keys of the old column get a twin on the new one, which takes over the
   * name.
   */
  private void moveKeys(Outline outline, TableSchema before) {
    TableSchema after = outline.facts().tableAfter(table).orElse(before);
    for (Index index : before.indexes()) {
      if (!index.uses(old.name())) {
        continue;
      }
      String twin = outline.windowName(table + "_" + index.name());
      after
          .index(index.name())
          .filter(i -> i.uses(target.name()))
          .ifPresent(
              i -> {
                outline.alter(
                    Stage.EXPAND_INDEX, "add index " + twin, table, "ADD " + i.definition(twin));
                outline.alter(
                    Stage.ROLLBACK_SHAPE,
                    "drop index " + twin,
                    table,
                    "DROP INDEX " + Sql.name(twin));
                outline.alter(
                    Stage.CONTRACT_NAME,
                    "rename index " + twin,
                    table,
                    "RENAME INDEX " + Sql.name(twin) + " TO " + Sql.name(index.name()));
              });
      outline.alter(
          Stage.CONTRACT_SHAPE,
          "drop index " + index.name(),
          table,
          "DROP INDEX " + Sql.name(index.name()));
    }
    ForeignKeys.move(outline, before, after, old.name(), target.name());
  }

  private void moveGenerated(Outline outline) {
    String name = Sql.name(target.name());
    outline.alter(
        Stage.EXPAND_SHAPE,
        "add column " + label(target),
        table,
        "ADD COLUMN " + name + " " + target.definition() + " " + where());
    outline.alter(
        Stage.ROLLBACK_SHAPE, "drop column " + label(target), table, "DROP COLUMN " + name);
    Dependents.redefine(outline, outline.before(table), old.name(), target.name(), place);
    outline.alter(
        Stage.CONTRACT_SHAPE,
        "drop column " + label(old),
        table,
        "DROP COLUMN " + Sql.name(old.name()));
    outline.drops(label(old));
  }

  private String where() {
    return position.isEmpty() ? "AFTER " + Sql.name(old.name()) : position;
  }

  private String label(Column column) {
    return table + "." + column.name();
  }
}
