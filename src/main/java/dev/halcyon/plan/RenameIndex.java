package dev.halcyon.plan;

import dev.halcyon.model.Place;
import dev.halcyon.sql.Sql;
import java.util.List;

/**
 * An index under a new name; in contract, because index hints of the running application name the
 * old one.
 */
record RenameIndex(Place place, String table, String from, String to) implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + from, table + "." + to);
  }

  @Override
  public void derive(Outline outline) {
    outline.alter(
        Stage.CONTRACT_NAME,
        "rename index " + table + "." + from,
        table,
        "RENAME INDEX " + Sql.name(from) + " TO " + Sql.name(to));
  }
}
