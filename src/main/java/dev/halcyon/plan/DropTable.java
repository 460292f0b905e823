package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Place;
import dev.halcyon.model.View;
import dev.halcyon.sql.Sql;
import java.util.List;

/** A table that goes away, in contract. */
record DropTable(Place place, String table, List<String> droppedViews) implements Operation {
  DropTable {
    droppedViews = List.copyOf(droppedViews);
  }

  @Override
  public List<String> touches() {
    return List.of(table);
  }

  @Override
  public void derive(Outline outline) {
    for (ForeignKey key : outline.facts().referencing()) {
      boolean pointsHere = key.referencedTable().equalsIgnoreCase(table);
      if (pointsHere
          && outline.facts().tableAfter(key.table()).isPresent()
          && !key.table().equalsIgnoreCase(table)
          && outline.facts().tableAfter(key.table()).orElseThrow().foreignKeys().stream()
              .anyMatch(k -> k.name().equals(key.name()))) {
        outline.refuse(
            ErrorCode.DEPENDENT_BREAKS,
            place,
            "the foreign key " + key.table() + "." + key.name() + " points at " + table,
            "drop it in the same file: ALTER TABLE "
                + key.table()
                + " DROP FOREIGN KEY "
                + key.name());
      }
    }
    for (View view : outline.facts().viewsReading(table)) {
      if (droppedViews.stream().noneMatch(view.name()::equalsIgnoreCase)) {
        outline.refuse(
            ErrorCode.DEPENDENT_BREAKS,
            place,
            "the view " + view.name() + " reads " + table + " and would fail with 1356",
            "drop or redefine it in the same file");
      }
    }
    outline.ddl(
        Stage.CONTRACT_SHAPE,
        "drop table " + table,
        table,
        "DROP TABLE IF EXISTS " + Sql.name(table));
    outline.drops(table);
  }
}
