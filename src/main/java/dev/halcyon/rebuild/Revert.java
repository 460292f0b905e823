package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.progress.Event;
import dev.halcyon.rebuild.RebuildState.Stage;

/**
 * Swaps the old table of a rebuild back in, with every write that the new one has had: catches up,
 * compares every row, cuts over. Whoever has kept the old table until now is shut out first. For
 * one thread.
 */
public final class Revert {
  private final RebuildContext context;
  private final String table;

  public Revert(RebuildContext context, String table) {
    this.context = context;
    this.table = table;
  }

  /**
   * @throws Refusal HAL-603 when no old table is kept, HAL-407 by another server
   * @throws Failure HAL-311 rows do not fit the old table, HAL-404 somebody changed a table,
   *     HAL-406 the log does not reach back far enough, HAL-501 rows differ, and 401 to 405
   */
  public RebuildReport run() {
    try (var steady =
        new SteadySession(
            context.sessions(),
            "revert " + table,
            Modes::prepare,
            context.patience(),
            context.stopped())) {
      var session = steady.session();
      var rebuilds = new RebuildTable(table, context.sessions(), context.journalWrites());
      var stored = rebuilds.find(session).orElseThrow(() -> nothingKept(table));
      var names = ShadowNames.of(table).back();
      if (done(steady, names, stored)) {
        stored.move(context.schema(), names).settle(context, steady);
        Rebuild.finish(context, steady, names, rebuilds, stored.at(Stage.REVERTED));
        return RebuildReport.ended(0);
      }
      Rebuild.requirePinned(session, table, stored);
      var pinned = Rebuild.pinned(context, session, table, stored);
      if (stored.stage() == Stage.REVERTING) {
        stored.move(context.schema(), names).undo(context, steady);
      }
      var taken = stored.at(Stage.KEEPING).takenOver();
      session.inTransaction(() -> rebuilds.write(session, taken));
      rebuilds.written();
      rebuilds.begin(session);
      var shapes = Preparation.of(session, context.schema(), stored.statement()).wayBack();
      try (var work = new Work(pinned, shapes, rebuilds, taken)) {
        var report = work(work);
        work.state().move(context.schema(), names).settle(context, steady);
        Rebuild.finish(context, steady, names, rebuilds, work.state().at(Stage.REVERTED));
        return report;
      }
    }
  }

  static Refusal nothingKept(String table) {
    return ErrorCode.STATE_WRONG.refuse(
        "No old table of " + table + " is kept.",
        "Only halcyon alter --keep keeps one; else make the change back by an ALTER of its own.");
  }

  private boolean done(SteadySession steady, ShadowNames names, RebuildState state) {
    return switch (state.stage()) {
      case PREPARING, WORKING, SWAPPING, SWAPPED -> throw nothingKept(table);
      case KEEPING -> false;
      case REVERTING -> {
        var _ = CutOver.dropSentry(steady.session(), names);
        yield CutOver.swapped(steady.session(), context.schema(), names);
      }
      case REVERTED -> true;
    };
  }

  private RebuildReport work(Work work) {
    step(work, "catch-up", "bring the last changes to the old table of " + table);
    work.catchUp();
    work.tryAgain();
    if (!work.state().unfit().isEmpty()) {
      throw work.unfit();
    }
    step(work, Comparison.STEP, "compare every row of " + table);
    var comparison = new Comparison(work);
    comparison.run();
    step(work, CutOver.STEP, "swap the tables of " + table + " back");
    var cutOver = new CutOver(work, comparison);
    cutOver.run();
    return new RebuildReport(
        0,
        work.changes(),
        comparison.rows(),
        comparison.took(),
        cutOver.stall(),
        cutOver.attempts());
  }

  private void step(Work work, String step, String title) {
    work.phase(step);
    context.events().on(new Event.StepStarted(table, step, title, work.shapes().source().rows()));
  }
}
