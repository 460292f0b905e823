package dev.halcyon.deploy;

import dev.halcyon.journal.JournalReader;
import dev.halcyon.journal.RepeatableRecord;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Repeatable;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Applies the repeatable files whose text has changed: views and programs. */
final class Repeatables {
  private static final int MOST_LOSSES = 5;

  private final Run run;

  Repeatables(Run run) {
    this.run = run;
  }

  /**
   * @return how many were applied
   */
  int apply(List<Repeatable> files) {
    var known =
        run.journal().read(JournalReader::repeatables).stream()
            .collect(Collectors.toMap(RepeatableRecord::name, RepeatableRecord::checksum));
    var changed = files.stream().filter(f -> !f.checksum().equals(known.get(f.name()))).toList();
    changed.forEach(this::applyOne);
    return changed.size();
  }

  private void applyOne(Repeatable file) {
    var events = run.settings().events();
    var id = "R__" + file.name();
    events.on(new Event.StepStarted("", id, "apply " + file.file(), 0));
    var begun = System.nanoTime();
    execute(file, id);
    run.journal().applied(file.name(), file.checksum());
    var took = Duration.ofNanos(System.nanoTime() - begun);
    events.on(new Event.StepFinished("", id, false, took));
  }

  /** All from the start after a loss: they are made to be repeated. */
  private void execute(Repeatable file, String id) {
    for (var losses = 0; ; losses++) {
      try {
        var session = run.work().session();
        SessionModes.apply(session, Step.Conditions.STRICT);
        var ddl =
            new PatientDdl(
                session,
                run.work().others(),
                run.settings().patience(),
                run.settings().events(),
                "",
                id);
        for (var sql : statements(file)) {
          ddl.run(file.name(), sql);
        }
        return;
      } catch (Fault.Refused | Fault.Transient refused) {
        throw failure(file, refused);
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        run.work().drop();
        if (losses == MOST_LOSSES) {
          throw failure(file, lost);
        }
      }
    }
  }

  /** As written, but so that it can be applied over what it made the last time. */
  private static List<String> statements(Repeatable file) {
    var all = new ArrayList<String>();
    var dropped = new ArrayList<String>();
    for (var statement : file.statements()) {
      switch (statement) {
        case Statement.CreateView view when !view.orReplace() ->
            all.add("CREATE OR REPLACE" + view.text().strip().substring("CREATE".length()));
        case Statement.CreateRoutine routine -> {
          if (!dropped.contains(routine.name()) && !replaces(routine)) {
            all.add("DROP " + routine.kind() + " IF EXISTS " + Sql.name(routine.name()));
          }
          all.add(routine.text());
        }
        case Statement.DropRoutine drop -> {
          dropped.add(drop.name());
          all.add(drop.text());
        }
        case Statement.AlterTable _,
            Statement.CreateTable _,
            Statement.DropTable _,
            Statement.RenameTable _,
            Statement.CreateView _,
            Statement.DropView _,
            Statement.CreateTrigger _,
            Statement.DropTrigger _,
            Statement.Insert _,
            Statement.Update _,
            Statement.Delete _,
            Statement.Other _ ->
            all.add(statement.text());
      }
    }
    return all;
  }

  private static boolean replaces(Statement.CreateRoutine routine) {
    return routine.text().strip().matches("(?is)CREATE\\s+OR\\s+REPLACE\\b.*");
  }

  private static Failure failure(Repeatable file, Fault fault) {
    return new Failure(
        ErrorCode.STEP_FAILED,
        "apply " + file.file(),
        fault.detail(),
        "The changes before it are expanded; this file counts as not applied.",
        "Mend the file, then halcyon expand.",
        fault);
  }
}
