package dev.halcyon.mysql;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Trigger;
import dev.halcyon.plan.Rehearsed;
import dev.halcyon.plan.Step;
import dev.halcyon.plan.Step.Conditions;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs the steps of a draft on the copies, as a run would on the real tables. */
final class DraftRun {
  /** The server refuses; what was found up to there stands in the list of findings. */
  static final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;

    Stopped(Throwable cause) {
      super(cause);
    }
  }

  private final Session session;
  private final RealSchema real;
  private final Scratch scratch;
  private final Copies copies;
  private final SessionModes modes;
  private final Trial trial;
  private final Authorship authorship;
  private final List<Finding> findings;
  private final List<Rehearsed> rehearsed = new ArrayList<>();

  DraftRun(
      Session session,
      RealSchema real,
      Scratch scratch,
      Copies copies,
      SessionModes modes,
      Trial trial,
      Authorship authorship,
      List<Finding> findings) {
    this.session = session;
    this.real = real;
    this.scratch = scratch;
    this.copies = copies;
    this.modes = modes;
    this.trial = trial;
    this.authorship = authorship;
    this.findings = findings;
  }

  List<Rehearsed> rehearsed() {
    return rehearsed;
  }

  void run(List<Step> steps) throws Stopped {
    for (Step step : steps) {
      switch (step) {
        case Step.Ddl ddl -> ddl(ddl);
        case Step.Rebuild rebuild -> throw notOfDraft(rebuild);
        case Step.Locked locked -> locked(locked);
        case Step.Backfill backfill -> backfill(backfill);
        case Step.Data data -> data(data);
        case Step.Verify verify -> verify(verify);
        case Step.Gate _ -> {
          // Nothing of a gate is a matter of the schema.
        }
      }
    }
  }

  private static IllegalStateException notOfDraft(Step.Rebuild rebuild) {
    return new IllegalStateException(rebuild.id() + " is not of a draft");
  }

  /**
   * Reads every view and fires every trigger once, so that none is left broken for the application
   * to find.
   */
  void proveDependents(String phase, RealSchema.CopySet set, Snapshot now) {
    var views = new TreeSet<String>();
    set.views().forEach(v -> views.add(v.name()));
    boolean triggers = false;
    for (String element : now.others().keySet()) {
      triggers |= element.startsWith("trigger ");
      if (element.startsWith("view ")) {
        views.add(element.substring("view ".length()));
      }
    }
    views.retainAll(
        now.others().keySet().stream().map(e -> e.substring(e.indexOf(' ') + 1)).toList());
    for (String view : views) {
      prove(phase, "view " + view, "SELECT * FROM " + Sql.name(view) + " LIMIT 0", view);
    }
    if (triggers) {
      modes.copying();
      for (Trigger trigger : Catalog.triggers(session, scratch.schema(), now.tables().keySet())) {
        fire(phase, trigger);
      }
    }
  }

  private void fire(String phase, Trigger trigger) {
    String table = Sql.name(trigger.table());
    String column =
        copies
            .shape(trigger.table())
            .map(text -> Sql.name(TableShape.columnOrder(text).getFirst()))
            .orElseThrow();
    String sql =
        switch (trigger.event()) {
          case "INSERT" -> "INSERT INTO " + table + " () VALUES ()";
          case "UPDATE" -> "UPDATE " + table + " SET " + column + " = " + column;
          default -> "DELETE FROM " + table;
        };
    session.execute("START TRANSACTION");
    try {
      prove(phase, "trigger " + trigger.name(), sql, trigger.table());
    } finally {
      session.execute("ROLLBACK");
    }
  }

  private void prove(String phase, String element, String sql, String table) {
    try {
      session.execute(sql);
    } catch (Fault.Refused refused) {
      if (!ServerWords.isAboutRows(refused) && !isOfRoutineNotCopied(refused)) {
        findings.add(authorship.ofDependent(phase, element, table, refused, scratch));
      }
    }
  }

  /** A routine that would act on another schema is missing here, not there. */
  private boolean isOfRoutineNotCopied(Fault.Refused refused) {
    return refused.code() == ServerWords.NO_ROUTINE
        && StatementObjects.words(refused.words()).stream().anyMatch(real::hasRoutine);
  }

  private void ddl(Step.Ddl ddl) throws Stopped {
    try {
      add(trial.run(ddl.id(), 0, ddl.sql(), ddl.conditions()));
    } catch (Fault.Refused refused) {
      findings.add(authorship.ofStatement(ddl.title(), ddl.table(), ddl.sql(), refused, scratch));
      throw new Stopped(refused);
    }
  }

  private void locked(Step.Locked locked) throws Stopped {
    var tables =
        locked.tables().stream().map(t -> Sql.name(t) + " WRITE").collect(Collectors.joining(", "));
    String sql = "LOCK TABLES " + tables;
    try {
      modes.apply(Conditions.STRICT);
      session.execute(sql);
      for (int part = 0; part < locked.parts().size(); part++) {
        sql = locked.parts().get(part).sql();
        add(trial.run(locked.id(), part, sql, Conditions.STRICT));
      }
    } catch (Fault.Refused refused) {
      String table = locked.tables().isEmpty() ? "" : locked.tables().getFirst();
      findings.add(authorship.ofStatement(locked.title(), table, sql, refused, scratch));
      throw new Stopped(refused);
    } finally {
      session.execute("UNLOCK TABLES");
    }
  }

  private void add(Rehearsed result) {
    if (rehearsed.stream()
        .noneMatch(r -> r.id().equals(result.id()) && r.part() == result.part())) {
      rehearsed.add(result);
    }
  }

  private void backfill(Step.Backfill backfill) {
    for (String statement : backfill.statements()) {
      String sql = statement.replace("{range}", "1 = 1");
      try {
        if (backfill.quiet()) {
          modes.apply(Conditions.LENIENT);
          session.execute("SET @hal_quiet = 1");
          withOrWithoutRows(sql, backfill.table(), Conditions.LENIENT);
        } else {
          users(sql, backfill.table());
        }
      } catch (Fault.Refused refused) {
        findings.add(
            backfill.quiet()
                ? authorship.ofMapping(backfill.title(), backfill.table(), sql, refused, scratch)
                : authorship.ofStatement(
                    backfill.title(), backfill.table(), sql, refused, scratch));
      } finally {
        if (backfill.quiet()) {
          session.execute("SET @hal_quiet = NULL");
        }
      }
    }
  }

  private void data(Step.Data data) {
    for (String sql : data.statements()) {
      try {
        users(sql, data.table());
      } catch (Fault.Refused refused) {
        findings.add(authorship.ofStatement(data.title(), data.table(), sql, refused, scratch));
      }
    }
  }

  /** The user's own data statement: a few rows say nothing of whether it fits the others. */
  private void users(String sql, String table) {
    if (real.reachesOut(sql)) {
      return;
    }
    modes.own();
    copies.changed(StatementObjects.ofTable(table));
    try {
      session.execute(sql);
    } catch (Fault.Refused refused) {
      if (!ServerWords.isAboutRows(refused)) {
        throw refused;
      }
    }
  }

  /** What only a row that we made up is against is not against the change. */
  private void withOrWithoutRows(String sql, String table, Conditions conditions) {
    try {
      session.execute(sql);
    } catch (Fault.Refused refused) {
      if (copies.hasRealRows(table) || !ServerWords.isAboutRows(refused)) {
        throw refused;
      }
      copies.empty(table);
      modes.apply(conditions);
      session.execute(sql);
    }
  }

  private void verify(Step.Verify verify) {
    for (Step.Verify.Fault fault : verify.faults()) {
      String sql = select(verify, fault);
      try {
        modes.apply(Conditions.LENIENT);
        withOrWithoutRows(sql, verify.table(), Conditions.LENIENT);
      } catch (Fault.Refused refused) {
        findings.add(authorship.ofMapping(verify.title(), verify.table(), sql, refused, scratch));
      }
    }
  }

  /** A first row that is at fault. */
  static String select(Step.Verify verify, Step.Verify.Fault fault) {
    String keys =
        verify.key().stream()
            .map(k -> Sql.name(verify.alias(), k))
            .collect(Collectors.joining(", "));
    return "SELECT "
        + (keys.isEmpty() ? "1" : keys)
        + " FROM "
        + verify.from()
        + " WHERE ("
        + fault.condition()
        + ") LIMIT 1";
  }
}
