package dev.halcyon.mysql;

import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Draft;
import dev.halcyon.plan.Rehearsed;
import dev.halcyon.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Rehearses a draft of kinds that the server has been asked about, on temporary tables. Whatever is
 * not as it should be is left to a rehearsal on real copies.
 */
final class QuickRun {
  private final RealSchema real;
  private final Kinds kinds;
  private final Trial trial;
  private final TemporaryTables tables;

  QuickRun(RealSchema real, Kinds kinds, Trial trial, TemporaryTables tables) {
    this.real = real;
    this.kinds = kinds;
    this.trial = trial;
    this.tables = tables;
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
    return standsAtEnd(draft, found, set)
        ? fromEnd(draft, found)
        : fromBeginning(draft, found, set);
  }

  private static boolean isQuick(Step step) {
    return step instanceof Step.Gate
        || step instanceof Step.Verify
        || (step instanceof Step.Ddl ddl && TemporaryTables.suffice(ddl.sql()));
  }

  /**
   * Whether the tables stand where the change's own statements led, which is also where expand
   * ends.
   */
  private boolean standsAtEnd(Draft draft, EndState.Found found, RealSchema.CopySet set) {
    return draft.contract().stream().noneMatch(s -> s instanceof Step.Ddl)
        && !draft.rollback().isEmpty()
        && found.looked().containsAll(set.tables().keySet())
        && tables.snapshot().equals(found.snapshot());
  }

  /** Back to the beginning, which must be the beginning, and there again. */
  private Optional<List<Rehearsed>> fromEnd(Draft draft, EndState.Found found) {
    var back = new ArrayList<Rehearsed>();
    var rehearsed = new ArrayList<Rehearsed>();
    boolean right =
        perform(draft.rollback(), back)
            && stand(tables.before())
            && perform(draft.expand(), rehearsed)
            && perform(draft.verify(), rehearsed)
            && perform(draft.contract(), rehearsed)
            && stand(found.snapshot());
    rehearsed.addAll(back);
    return right ? Optional.of(rehearsed) : Optional.empty();
  }

  /** There, back, and there again to the end. */
  private Optional<List<Rehearsed>> fromBeginning(
      Draft draft, EndState.Found found, RealSchema.CopySet set) {
    var rehearsed = new ArrayList<Rehearsed>();
    var back = new ArrayList<Rehearsed>();
    boolean right = tables.hold(set.tables().values()) && perform(draft.expand(), rehearsed);
    Snapshot before = tables.before();
    if (right && !draft.rollback().isEmpty()) {
      right =
          perform(draft.rollback(), back)
              && stand(before)
              && perform(draft.expand(), new ArrayList<>());
    }
    right =
        right
            && perform(draft.verify(), rehearsed)
            && perform(draft.contract(), rehearsed)
            && stand(found.snapshot().over(before, found.looked()));
    rehearsed.addAll(back);
    return right ? Optional.of(rehearsed) : Optional.empty();
  }

  private boolean stand(Snapshot wanted) {
    return wanted.differences(tables.snapshot()).isEmpty();
  }

  /** Whether the server takes all of the steps and has been asked about their kinds. */
  private boolean perform(List<Step> steps, List<Rehearsed> rehearsed) {
    for (Step step : steps) {
      boolean right =
          switch (step) {
            case Step.Verify verify ->
                verify.faults().stream().allMatch(f -> tables.canRead(DraftRun.select(verify, f)));
            case Step.Ddl ddl -> perform(ddl, rehearsed);
            case Step.Gate _ -> true;
            case Step.Backfill _, Step.Data _, Step.Rebuild _, Step.Locked _ -> false;
          };
      if (!right) {
        return false;
      }
    }
    return true;
  }

  private boolean perform(Step.Ddl ddl, List<Rehearsed> rehearsed) {
    String table = StatementObjects.of(ddl.sql()).tables().iterator().next();
    SortedMap<String, String> before = tables.elements(table);
    Optional<Algorithm> algorithm =
        StatementObjects.isAlterTable(ddl.sql())
            ? kinds.of(ddl.sql(), before).filter(a -> trial.offers(a, ddl.sql()))
            : Optional.of(Algorithm.NONE);
    if (algorithm.isEmpty() || !tables.run(ddl.sql(), ddl.conditions())) {
      return false;
    }
    rehearsed.add(
        new Rehearsed(ddl.id(), 0, algorithm.get(), Trial.deltas(before, tables.elements(table))));
    return true;
  }
}
