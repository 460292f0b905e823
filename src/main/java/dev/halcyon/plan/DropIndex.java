package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Index;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Sql;
import java.util.List;

/**
 * An index that goes away. In expand the optimiser stops seeing it, which can be taken back at once
 * when a query misses it; contract drops it.
 */
record DropIndex(Place place, String table, Index index) implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + index.name());
  }

  @Override
  public void derive(Outline outline) {
    if (index.isPrimary()) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          place,
          "dropping the primary key of " + table + " copies the table",
          "the online rebuild is needed");
      return;
    }
    String name = Sql.name(index.name());
    if (index.visible()) {
      outline.alter(
          Stage.EXPAND_INDEX,
          "hide index " + label(),
          table,
          "ALTER INDEX " + name + (outline.isMariaDb() ? " IGNORED" : " INVISIBLE"));
      outline.alter(
          Stage.ROLLBACK_SHAPE,
          "show index " + label(),
          table,
          "ALTER INDEX " + name + (outline.isMariaDb() ? " NOT IGNORED" : " VISIBLE"));
    }
    outline.alter(Stage.CONTRACT_KEY, "drop index " + label(), table, "DROP INDEX " + name);
    outline.drops(label());
  }

  private String label() {
    return table + "." + index.name();
  }
}
