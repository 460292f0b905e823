package dev.halcyon.plan;

import dev.halcyon.model.Place;
import java.util.List;

/**
 * A foreign key or CHECK that goes away. In expand: the new application may write what it forbade,
 * and the running one does not miss it.
 *
 * @param clause {@code DROP FOREIGN KEY `x`}
 * @param undo the clause that adds it again
 */
record DropConstraint(Place place, String table, String name, String clause, String undo)
    implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + name);
  }

  @Override
  public void derive(Outline outline) {
    outline.alter(Stage.EXPAND_KEY, "drop constraint " + name, table, clause);
    outline.alter(Stage.ROLLBACK_SHAPE, "add constraint " + name + " again", table, undo);
  }
}
