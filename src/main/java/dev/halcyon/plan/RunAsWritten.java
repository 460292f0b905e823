package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a file that says its phase itself. Nothing is derived; a schema statement still
 * gets its explicit algorithm, and data is still worked through in chunks.
 */
record RunAsWritten(Statement statement, Phase phase) implements Operation {
  @Override
  public Place place() {
    return statement.place();
  }

  @Override
  public List<String> touches() {
    return switch (statement) {
      case Statement.AlterTable s -> List.of(s.table());
      case Statement.CreateTable s -> List.of(s.table());
      case Statement.DropTable s -> s.tables();
      case Statement.RenameTable s -> List.of(s.from(), s.to());
      case Statement.CreateView s -> List.of(s.view());
      case Statement.DropView s -> List.of(s.view());
      case Statement.CreateTrigger s -> List.of(s.table());
      case Statement.DropTrigger s -> List.of(s.trigger());
      case Statement.CreateRoutine s -> List.of(s.name());
      case Statement.DropRoutine s -> List.of(s.name());
      case Statement.Insert s -> List.of();
      case Statement.Update s -> List.of();
      case Statement.Delete s -> List.of();
      case Statement.Other s -> List.of();
    };
  }

  @Override
  public void derive(Outline outline) {
    switch (statement) {
      case Statement.AlterTable s ->
          ddl(outline, "alter table " + s.table(), s.table(), alter(outline, s));
      case Statement.CreateTable s ->
          ddl(outline, "create table " + s.table(), s.table(), s.text());
      case Statement.DropTable s ->
          ddl(outline, "drop " + String.join(", ", s.tables()), s.tables().getFirst(), s.text());
      case Statement.RenameTable s -> ddl(outline, "rename table " + s.from(), s.from(), s.text());
      case Statement.CreateView s -> ddl(outline, "create view " + s.view(), s.view(), s.text());
      case Statement.DropView s -> ddl(outline, "drop view " + s.view(), s.view(), s.text());
      case Statement.CreateTrigger s ->
          ddl(outline, "create trigger " + s.trigger(), s.table(), s.text());
      case Statement.DropTrigger s ->
          ddl(outline, "drop trigger " + s.trigger(), s.trigger(), s.text());
      case Statement.CreateRoutine s -> ddl(outline, "create " + s.name(), s.name(), s.text());
      case Statement.DropRoutine s -> ddl(outline, "drop " + s.name(), s.name(), s.text());
      case Statement.Insert s -> new WriteData(s, phase).derive(outline);
      case Statement.Update s -> new WriteData(s, phase).derive(outline);
      case Statement.Delete s -> new WriteData(s, phase).derive(outline);
      case Statement.Other s ->
          outline.refuse(
              ErrorCode.NOT_SUPPORTED,
              s.place(),
              s.what() + " is not a statement that a run could take up again after it died",
              "run it by hand");
    }
  }

  private void ddl(Outline outline, String title, String table, String sql) {
    outline.ddl(
        phase == Phase.CONTRACT ? Stage.CONTRACT_DATA : Stage.EXPAND_DATA, title, table, sql);
  }

  private static String alter(Outline outline, Statement.AlterTable alter) {
    return "ALTER TABLE "
        + Sql.name(alter.table())
        + " "
        + alter.clauses().stream()
            .map(c -> clause(outline, alter.table(), c))
            .collect(Collectors.joining(", "));
  }

  /** {@code CREATE INDEX} was read as an ADD; its text is not one. */
  private static String clause(Outline outline, String table, AlterClause clause) {
    if (clause instanceof AlterClause.AddIndex add) {
      @Nullable String name = add.name();
      if (name == null) {
        return add.text();
      }
      return outline
          .facts()
          .tableAfter(table)
          .flatMap((TableSchema t) -> t.index(name))
          .map(i -> "ADD " + i.definition(i.name()))
          .orElse(add.text());
    }
    if (clause instanceof AlterClause.DropIndex drop) {
      return "DROP INDEX " + Sql.name(drop.index());
    }
    return clause.text();
  }
}
