package dev.halcyon.plan;

import dev.halcyon.model.Place;
import dev.halcyon.sql.Sql;
import java.util.List;

/** An index that the optimiser is to see, or not; in expand, and taken back by a rollback. */
record SetIndexVisible(Place place, String table, String index, boolean visible)
    implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + index);
  }

  @Override
  public void derive(Outline outline) {
    String title = (visible ? "show index " : "hide index ") + table + "." + index;
    outline.alter(Stage.EXPAND_INDEX, title, table, clause(outline, visible));
    outline.alter(Stage.ROLLBACK_SHAPE, "undo: " + title, table, clause(outline, !visible));
  }

  private String clause(Outline outline, boolean show) {
    String word =
        outline.isMariaDb()
            ? (show ? " NOT IGNORED" : " IGNORED")
            : (show ? " VISIBLE" : " INVISIBLE");
    return "ALTER INDEX " + Sql.name(index) + word;
  }
}
