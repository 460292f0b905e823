package dev.halcyon.plan;

import dev.halcyon.model.Place;
import dev.halcyon.sql.Sql;
import java.util.List;

/** A view that goes away, in contract. */
record DropView(Place place, String view) implements Operation {

  @Override
  public List<String> touches() {
    return List.of(view);
  }

  @Override
  public void derive(Outline outline) {
    outline.ddl(
        Stage.CONTRACT_DEPENDENTS,
        "drop view " + view,
        view,
        "DROP VIEW IF EXISTS " + Sql.name(view));
    outline.drops(view);
  }
}
