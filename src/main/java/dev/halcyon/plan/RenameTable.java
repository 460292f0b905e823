package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Sql;
import java.util.List;

/**
 * A table under a new name. In the window the new name is an updatable view of the table; in
 * contract one RENAME swaps them, so that the new name is never missing.
 */
record RenameTable(Place place, String from, String to) implements Operation {

  @Override
  public List<String> touches() {
    return List.of(from, to);
  }

  @Override
  public void derive(Outline outline) {
    if (outline.facts().table(to).isPresent() || outline.facts().views().containsKey(to)) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED, place, to + " is there already", "choose another name");
      return;
    }
    TableSchema table = outline.before(from);
    List<String> columns = table.columns().stream().map(Column::name).toList();
    outline.ddl(
        Stage.EXPAND_SHAPE,
        "create view " + to + " over " + from,
        to,
        "CREATE SQL SECURITY INVOKER VIEW "
            + Sql.name(to)
            + " AS SELECT "
            + Sql.names(columns)
            + " FROM "
            + Sql.name(from));
    String dropView = "DROP VIEW IF EXISTS ";
    outline.ddl(Stage.ROLLBACK_SHAPE, "drop view " + to, to, dropView + Sql.name(to));
    Dependents.redefineForTable(outline, from, to, place);
    String aside = outline.windowName("view_" + to);
    outline.ddl(
        Stage.CONTRACT_SHAPE,
        "rename table " + from + " to " + to,
        from,
        "RENAME TABLE "
            + Sql.name(to)
            + " TO "
            + Sql.name(aside)
            + ", "
            + Sql.name(from)
            + " TO "
            + Sql.name(to));
    outline.ddl(Stage.CONTRACT_NAME, "drop view " + aside, aside, dropView + Sql.name(aside));
    outline.drops(from);
    outline.note(
        "the new name "
            + to
            + " is a view until contract: foreign keys, LOCK TABLES and"
            + " TRUNCATE work on "
            + from
            + " only");
  }
}
