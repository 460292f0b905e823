package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Sql;
import java.util.List;

/** A new table, in expand. Its rows exist nowhere else, so a rollback asks before it drops them. */
record CreateTable(Place place, String table, String sql, boolean mirrored) implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table);
  }

  @Override
  public void derive(Outline outline) {
    outline.ddl(Stage.EXPAND_SHAPE, "create table " + table, table, sql);
    if (!mirrored) {
      outline.add(
          Stage.ROLLBACK_CHECK,
          id ->
              new Step.Verify(
                  id,
                  table + " is empty",
                  table,
                  List.of(),
                  table,
                  Sql.name(table),
                  List.of(
                      new Step.Verify.Fault(
                          "only-here", "1 = 1", "rows of " + table + " exist nowhere else")),
                  true,
                  0,
                  ErrorCode.ROLLBACK_LOSES.code()));
    }
    outline.ddl(
        Stage.ROLLBACK_SHAPE,
        "drop table " + table,
        table,
        "DROP TABLE IF EXISTS " + Sql.name(table));
  }
}
