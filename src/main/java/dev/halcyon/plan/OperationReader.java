package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Place;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.View;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads a change as operations: what it does, not yet when. */
final class OperationReader {
  static final String AS_WRITTEN =
      "say the phase yourself: put it into a file ….expand.sql or ….contract.sql";

  private final Outline outline;
  private final ServerFacts facts;
  private final List<Operation> operations = new ArrayList<>();

  OperationReader(Outline outline) {
    this.outline = outline;
    this.facts = outline.facts();
  }

  List<Operation> read(Script script) {
    switch (script.form()) {
      case Script.Form.EndState endState -> readEndState(endState);
      case Script.Form.AsWritten asWritten -> {
        asWritten.expand().forEach(s -> operations.add(new RunAsWritten(s, Phase.EXPAND)));
        asWritten.contract().forEach(s -> operations.add(new RunAsWritten(s, Phase.CONTRACT)));
        outline.note("the phases are as written: a rollback does not know how to undo them");
      }
    }
    return operations;
  }

  private void readEndState(Script.Form.EndState form) {
    var directives = new GivenDirectives(form.directives(), outline);
    List<String> droppedViews = new ArrayList<>();
    for (Statement statement : form.statements()) {
      if (statement instanceof Statement.CreateView s) {
        outline.redefinesView(s.view());
        droppedViews.add(s.view());
      } else if (statement instanceof Statement.DropView s) {
        outline.redefinesView(s.view());
        droppedViews.add(s.view());
      }
    }
    var tables = new TableReader(outline, directives, operations);
    for (Statement statement : form.statements()) {
      read(statement, tables, directives, droppedViews);
    }
    tables.readConstraints();
    // Behind the statements that create and alter the tables of both.
    directives.splits().forEach(d -> operations.add(new SplitColumns(d)));
    directives
        .merges()
        .forEach(d -> operations.add(new MergeColumns(d, added(form, d.parent()), droppedViews)));
    directives.refuseUnused();
  }

  private static List<AlterClause.AddColumn> added(Script.Form.EndState form, String table) {
    return form.statements().stream()
        .filter(Statement.AlterTable.class::isInstance)
        .map(Statement.AlterTable.class::cast)
        .filter(s -> s.table().equalsIgnoreCase(table))
        .flatMap(s -> s.clauses().stream())
        .filter(AlterClause.AddColumn.class::isInstance)
        .map(AlterClause.AddColumn.class::cast)
        .toList();
  }

  private void read(
      Statement statement,
      TableReader tables,
      GivenDirectives directives,
      List<String> droppedViews) {
    switch (statement) {
      case Statement.AlterTable s -> tables.read(s);
      case Statement.CreateTable s ->
          operations.add(
              new CreateTable(s.place(), s.table(), s.text(), directives.mirrors(s.table())));
      case Statement.DropTable s ->
          s.tables().stream()
              .filter(t -> exists(t, s.place()) && !directives.mirrors(t))
              .forEach(t -> operations.add(new DropTable(s.place(), t, droppedViews)));
      case Statement.RenameTable s -> {
        if (exists(s.from(), s.place())) {
          operations.add(new RenameTable(s.place(), s.from(), s.to()));
        }
      }
      case Statement.CreateView s -> {
        View replaced = facts.views().get(s.view());
        operations.add(new CreateView(s.place(), s.view(), s.text(), replaced));
      }
      case Statement.DropView s -> operations.add(new DropView(s.place(), s.view()));
      case Statement.Insert s -> operations.add(new WriteData(s, directives.phase(Phase.EXPAND)));
      case Statement.Update s -> {
        if (exists(s.table(), s.place())) {
          operations.add(new WriteData(s, directives.phase(Phase.EXPAND)));
        }
      }
      case Statement.Delete s -> {
        if (exists(s.table(), s.place())) {
          operations.add(new WriteData(s, directives.phase(Phase.CONTRACT)));
        }
      }
      case Statement.CreateTrigger s -> refuse(s.place(), "CREATE TRIGGER", AS_WRITTEN);
      case Statement.DropTrigger s -> refuse(s.place(), "DROP TRIGGER", AS_WRITTEN);
      case Statement.CreateRoutine s ->
          refuse(
              s.place(),
              "CREATE " + s.kind(),
              "put it into a repeatable file: R__" + s.name() + ".sql");
      case Statement.DropRoutine s -> refuse(s.place(), "DROP " + s.kind(), AS_WRITTEN);
      case Statement.Other s -> refuse(s.place(), s.what(), AS_WRITTEN);
    }
  }

  private boolean exists(String table, Place place) {
    if (facts.table(table).isPresent()) {
      return true;
    }
    outline.refuse(
        ErrorCode.NOT_SUPPORTED,
        place,
        "there is no table " + table + " in " + facts.schema(),
        "check the name");
    return false;
  }

  private void refuse(Place place, String what, String remedy) {
    outline.refuse(
        ErrorCode.NOT_SUPPORTED,
        place,
        what + " is not something that phases are derived for",
        remedy);
  }
}
