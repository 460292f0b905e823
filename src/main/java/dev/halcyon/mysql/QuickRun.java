package dev.halcyon.mysql;

import dev.halcyon.model.TableSchema;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Draft;
import dev.halcyon.plan.Rehearsed;
import dev.halcyon.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Rehearses a draft of kinds that the server has been asked about, on temporary tables. Whatever is
 * not as it should be is left to a rehearsal on real copies.
 */
final class QuickRun {
  private final Session session;
  private final RealSchema real;
  private final SessionModes modes;
  private final Kinds kinds;
  private final Trial trial;
  private final Map<String, String> shapes;

  QuickRun(
      Session session,
      RealSchema real,
      SessionModes modes,
      Kinds kinds,
      Trial trial,
      Map<String, String> shapes) {
    this.session = session;
    this.real = real;
    this.modes = modes;
    this.kinds = kinds;
    this.trial = trial;
    this.shapes = shapes;
  }

  /** Empty when it takes real copies to tell. */
  Optional<List<Rehearsed>> run(Draft draft, EndState.Found found, RealSchema.CopySet set) {
    boolean able =
        TemporaryTables.suffice(set, real)
            && Stream.of(draft.expand(), draft.verify(), draft.contract(), draft.rollback())
                .flatMap(List::stream)
                .allMatch(QuickRun::isQuick);
    if (!able) {
      return Optional.empty();
    }
    try {
      return perform(draft, found, set);
    } catch (Fault.Refused refused) {
      // Real copies tell whether the server means it, and whom to blame.
      return Optional.empty();
    }
  }

  private static boolean isQuick(Step step) {
    return step instanceof Step.Gate
        || step instanceof Step.Verify
        || (step instanceof Step.Ddl ddl && TemporaryTables.suffice(ddl.sql()));
  }

  private Optional<List<Rehearsed>> perform(
      Draft draft, EndState.Found found, RealSchema.CopySet set) {
    var rehearsed = new ArrayList<Rehearsed>();
    boolean contracts = draft.contract().stream().anyMatch(s -> s instanceof Step.Ddl);
    boolean right;
    try (var tables = new TemporaryTables(session, shapes)) {
      begin(tables, set);
      Snapshot before = snapshot(tables);
      Snapshot wanted = found.snapshot().over(before, found.looked());
      right =
          perform(draft.expand(), tables, rehearsed)
              && perform(draft.verify(), tables, rehearsed)
              && perform(draft.contract(), tables, rehearsed)
              && wanted.differences(snapshot(tables)).isEmpty();
      if (right && !contracts) {
        right = leadsBack(draft, tables, before, rehearsed);
      }
    }
    if (right && contracts && !draft.rollback().isEmpty()) {
      try (var tables = new TemporaryTables(session, shapes)) {
        begin(tables, set);
        Snapshot before = snapshot(tables);
        right =
            perform(draft.expand(), tables, new ArrayList<>())
                && leadsBack(draft, tables, before, rehearsed);
      }
    }
    return right ? Optional.of(rehearsed) : Optional.empty();
  }

  private boolean leadsBack(
      Draft draft, TemporaryTables tables, Snapshot before, List<Rehearsed> rehearsed) {
    return draft.rollback().isEmpty()
        || (perform(draft.rollback(), tables, rehearsed)
            && before.differences(snapshot(tables)).isEmpty());
  }

  private static Snapshot snapshot(TemporaryTables tables) {
    return Snapshot.of(tables.shapes(), new TreeMap<>());
  }

  private void begin(TemporaryTables tables, RealSchema.CopySet set) {
    modes.copying();
    for (TableSchema table : set.tables().values()) {
      tables.copy(table);
    }
  }

  /** Whether the server has been asked about all of the steps. */
  private boolean perform(List<Step> steps, TemporaryTables tables, List<Rehearsed> rehearsed) {
    for (Step step : steps) {
      if (step instanceof Step.Verify verify) {
        verify.faults().forEach(f -> session.first(DraftRun.select(verify, f)));
      }
      if (step instanceof Step.Ddl ddl) {
        String table = StatementObjects.of(ddl.sql()).tables().iterator().next();
        SortedMap<String, String> before = tables.elements(table);
        Optional<Algorithm> algorithm =
            StatementObjects.isAlterTable(ddl.sql())
                ? kinds.of(ddl.sql(), before).filter(a -> trial.offers(a, ddl.sql()))
                : Optional.of(Algorithm.NONE);
        if (algorithm.isEmpty()) {
          return false;
        }
        modes.apply(ddl.conditions());
        tables.run(ddl.sql());
        rehearsed.add(
            new Rehearsed(
                ddl.id(), 0, algorithm.get(), Trial.deltas(before, tables.elements(table))));
      }
    }
    return true;
  }
}
