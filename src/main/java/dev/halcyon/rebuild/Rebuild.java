package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Sql;
import java.time.Duration;

/**
 * Rebuilds a table while the application works: shadow table, copy, captured changes, indexes,
 * comparison of every row, cut-over. The whole flow reads here. The same statement again goes on
 * where a run has ended. For one thread, and for one run.
 */
public final class Rebuild {
  private final RebuildContext context;
  private final String statement;

  /**
   * @param statement one {@code ALTER TABLE}
   */
  public Rebuild(RebuildContext context, String statement) {
    this.context = context;
    this.statement = statement.strip();
  }

  /**
   * Begins, or goes on.
   *
   * @throws Refusal before anything has begun: HAL-301, 304, 310 the change or the table, HAL-116,
   *     117 the server, HAL-603 another change of the table is under way
   * @throws Failure HAL-311 rows stand against the change, HAL-404 somebody changed the table,
   *     HAL-406 the log cannot be followed, HAL-501 rows differ, and 401 to 405
   */
  public RebuildReport run() {
    try (var begin =
        new SteadySession(
            context.lease(), "rebuild", Modes::prepare, context.patience(), context.stopped())) {
      var session = begin.session();
      var preparation = Preparation.of(session, context.schema(), statement);
      var names = preparation.names();
      var rebuilds = new RebuildTable(names.table(), context.lease(), context.journalWrites());
      rebuilds.create(session);
      var stored = session.inTransaction(() -> rebuilds.read(session));
      if (stored.isPresent() && !stored.get().statement().equals(statement)) {
        throw ErrorCode.STATE_WRONG.refuse(
            "Another change of table %s is under way: %s"
                .formatted(names.table(), stored.get().statement()),
            "Finish it by the same command first.");
      }
      if (stored.isPresent()) {
        var _ = CutOver.dropSentry(session, names);
      }
      if (stored.isPresent()
          && stored.get().swapping()
          && CutOver.swapped(session, context.schema(), names)) {
        finish(session, names, rebuilds);
        return new RebuildReport(stored.get().rows(), 0, 0, Duration.ZERO, 0);
      }
      RebuildState state;
      if (stored.isPresent()) {
        state = stored.get();
      } else {
        state = begin(session, preparation, rebuilds);
      }
      var report = work(preparation.shapes(), rebuilds, state);
      finish(session, names, rebuilds);
      return report;
    }
  }

  private RebuildState begin(Session session, Preparation preparation, RebuildTable rebuilds) {
    RebuildState state;
    try {
      state = preparation.create(statement);
    } catch (Refusal refusal) {
      rebuilds.remove(session);
      throw refusal;
    }
    session.inTransaction(() -> rebuilds.write(session, state));
    rebuilds.written();
    return state;
  }

  private RebuildReport work(Shapes shapes, RebuildTable rebuilds, RebuildState state) {
    try (var work = new Work(context, shapes, rebuilds, state)) {
      step(shapes, CopyPhase.STEP, "copy");
      try (var copy = new CopyPhase(work)) {
        copy.run();
      }
      step(shapes, "index", "build the indexes");
      new IndexPhase(work).run();
      step(shapes, Comparison.STEP, "compare every row");
      var comparison = new Comparison(work);
      comparison.run();
      step(shapes, CutOver.STEP, "swap the tables");
      var cutOver = new CutOver(work, comparison);
      cutOver.run();
      return new RebuildReport(
          work.state().rows(),
          work.changes(),
          comparison.rows(),
          cutOver.stall(),
          cutOver.attempts());
    }
  }

  private void step(Shapes shapes, String step, String title) {
    context
        .events()
        .on(
            new Event.StepStarted(
                shapes.names().table(),
                step,
                title + " of " + shapes.names().table(),
                shapes.source().rows()));
  }

  private static void finish(Session session, ShadowNames names, RebuildTable rebuilds) {
    session.execute("DROP TABLE IF EXISTS " + Sql.name(names.old()));
    rebuilds.remove(session);
  }
}
