package dev.halcyon.plan;

import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Sql;

/** Prints foreign keys, and moves those of an old column to the new one. */
final class ForeignKeys {
  private ForeignKeys() {}

  /** {@code ADD CONSTRAINT … FOREIGN KEY …}. */
  static String add(ForeignKey key, String name, String schema) {
    String parent =
        key.referencedSchema().equalsIgnoreCase(schema)
            ? Sql.name(key.referencedTable())
            : Sql.name(key.referencedSchema(), key.referencedTable());
    return "ADD CONSTRAINT "
        + Sql.name(name)
        + " FOREIGN KEY ("
        + Sql.names(key.columns())
        + ") REFERENCES "
        + parent
        + " ("
        + Sql.names(key.referencedColumns())
        + ")"
        + " ON DELETE "
        + key.onDelete()
        + " ON UPDATE "
        + key.onUpdate();
  }

  static String drop(String name) {
    return "DROP FOREIGN KEY " + Sql.name(name);
  }

  /**
   * A twin on the new column for the time of the window, with the same actions, since those fire no
   * trigger; in contract it stands in while the old key gives its name away, so that the rows are
   * never without one.
   */
  static void move(
      Outline outline, TableSchema before, TableSchema after, String old, String target) {
    String table = before.name();
    for (ForeignKey key : before.foreignKeys()) {
      if (key.columns().stream().noneMatch(old::equalsIgnoreCase)) {
        continue;
      }
      String schema = outline.facts().schema();
      String twin = outline.windowName(table + "_" + key.name());
      after.foreignKeys().stream()
          .filter(k -> k.name().equalsIgnoreCase(key.name()))
          .filter(k -> k.columns().stream().anyMatch(target::equalsIgnoreCase))
          .findFirst()
          .ifPresent(
              moved -> {
                addProven(outline, Stage.EXPAND_KEY, moved, twin, schema);
                outline.alter(Stage.ROLLBACK_SHAPE, "drop foreign key " + twin, table, drop(twin));
                outline.alter(
                    Stage.CONTRACT_KEY, "drop foreign key " + key.name(), table, drop(key.name()));
                addProven(outline, Stage.CONTRACT_NAME, moved, key.name(), schema);
                outline.alter(Stage.CONTRACT_NAME, "drop foreign key " + twin, table, drop(twin));
              });
    }
  }

  private static void addProven(
      Outline outline, Stage stage, ForeignKey key, String name, String schema) {
    outline.ddl(
        stage,
        "add foreign key " + name,
        key.table(),
        "ALTER TABLE " + Sql.name(key.table()) + " " + add(key, name, schema),
        Step.Conditions.FOREIGN_KEYS_PROVEN);
  }
}
