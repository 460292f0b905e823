package dev.halcyon.plan;

import dev.halcyon.model.Place;
import dev.halcyon.model.View;
import dev.halcyon.sql.Sql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new view, in expand; one that replaces a view of the running application, in contract.
 *
 * @param replaced the view as it stands, or null
 */
record CreateView(Place place, String view, String sql, @Nullable View replaced)
    implements Operation {

  @Override
  public List<String> touches() {
    return List.of(view);
  }

  @Override
  public void derive(Outline outline) {
    if (replaced != null) {
      outline.ddl(Stage.CONTRACT_DEPENDENTS, "redefine view " + view, view, sql);
      return;
    }
    outline.ddl(Stage.EXPAND_KEY, "create view " + view, view, sql);
    outline.ddl(
        Stage.ROLLBACK_SHAPE, "drop view " + view, view, "DROP VIEW IF EXISTS " + Sql.name(view));
  }
}
