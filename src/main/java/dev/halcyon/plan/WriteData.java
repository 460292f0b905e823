package dev.halcyon.plan;

import dev.halcyon.model.Phase;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT, UPDATE or DELETE of rows. Updates and deletes go through the table in chunks by its key,
 * each chunk in one transaction with its checkpoint, so that none is done twice.
 */
record WriteData(Statement statement, Phase phase) implements Operation {
  @Override
  public Place place() {
    return statement.place();
  }

  @Override
  public List<String> touches() {
    return List.of();
  }

  @Override
  public void derive(Outline outline) {
    Stage stage = phase == Phase.CONTRACT ? Stage.CONTRACT_DATA : Stage.EXPAND_DATA;
    switch (statement) {
      case Statement.Insert insert ->
          outline.add(
              stage,
              id ->
                  new Step.Data(
                      id, "insert into " + insert.table(), insert.table(), List.of(insert.text())));
      case Statement.Update update ->
          chunked(
              outline,
              stage,
              "update " + update.table(),
              update.table(),
              update.alias(),
              update.head(),
              update.where());
      case Statement.Delete delete ->
          chunked(
              outline,
              stage,
              "delete from " + delete.table(),
              delete.table(),
              delete.alias(),
              delete.head(),
              delete.where());
      case Statement.AlterTable s -> throw notData(s);
      case Statement.CreateTable s -> throw notData(s);
      case Statement.DropTable s -> throw notData(s);
      case Statement.RenameTable s -> throw notData(s);
      case Statement.CreateView s -> throw notData(s);
      case Statement.DropView s -> throw notData(s);
      case Statement.CreateTrigger s -> throw notData(s);
      case Statement.DropTrigger s -> throw notData(s);
      case Statement.CreateRoutine s -> throw notData(s);
      case Statement.DropRoutine s -> throw notData(s);
      case Statement.Other s -> throw notData(s);
    }
  }

  private void chunked(
      Outline outline,
      Stage stage,
      String title,
      String table,
      String alias,
      String head,
      @Nullable String where) {
    TableSchema before = outline.before(table);
    List<String> key = outline.chunkKey(before, statement.place());
    String sql = head + " WHERE {range}" + (where == null ? "" : " AND (" + where + ")");
    outline.add(
        stage,
        id -> new Step.Backfill(id, title, table, key, alias, List.of(sql), false, before.rows()));
    outline.note(title + " cannot be undone by a rollback");
  }

  private static IllegalArgumentException notData(Statement statement) {
    return new IllegalArgumentException("not a data statement: " + statement.text());
  }
}
