package dev.halcyon.plan;

import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;

/** Prints foreign keys, and moves those of an old column to the new one. */
final class ForeignKeys {
  private ForeignKeys() {}

  /**
   * {@code ADD CONSTRAINT … FOREIGN KEY …} as the server prints it, so that an action left to its
   * default stays so.
   *
   * @param table the child table that has the key, before or after the change
   */
  static String add(TableSchema table, ForeignKey key, String name) {
    String printed =
        TableShape.elements(table.showCreate())
            .get("constraint " + table.name() + "." + key.name());
    if (printed == null) {
      throw new IllegalArgumentException(table.name() + " has no foreign key " + key.name());
    }
    return "ADD CONSTRAINT "
        + Sql.name(name)
        + printed.substring(("CONSTRAINT " + Sql.name(key.name())).length());
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
      String twin = outline.windowName(table + "_" + key.name());
      after.foreignKeys().stream()
          .filter(k -> k.name().equalsIgnoreCase(key.name()))
          .filter(k -> k.columns().stream().anyMatch(target::equalsIgnoreCase))
          .findFirst()
          .ifPresent(
              moved -> {
                addProven(outline, Stage.EXPAND_KEY, after, moved, twin);
                outline.alter(Stage.ROLLBACK_SHAPE, "drop foreign key " + twin, table, drop(twin));
                outline.alter(
                    Stage.CONTRACT_KEY, "drop foreign key " + key.name(), table, drop(key.name()));
                addProven(outline, Stage.CONTRACT_NAME, after, moved, key.name());
                outline.alter(Stage.CONTRACT_NAME, "drop foreign key " + twin, table, drop(twin));
              });
    }
  }

  private static void addProven(
      Outline outline, Stage stage, TableSchema after, ForeignKey key, String name) {
    outline.ddl(
        stage,
        "add foreign key " + name,
        key.table(),
        "ALTER TABLE " + Sql.name(key.table()) + " " + add(after, key, name),
        Step.Conditions.FOREIGN_KEYS_PROVEN);
  }
}
