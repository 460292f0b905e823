package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.FreeSpace;
import dev.halcyon.mysql.ServerIdentity;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.plan.Delta;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Figures;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds a table while the application works: shadow table, copy, captured changes, indexes,
 * comparison of every row, cut-over. The whole flow reads here. The same statement again goes on
 * where a run has ended. For one thread, and for one run.
 */
public final class Rebuild {
  private static final Duration COMPARE_EVERY = Duration.ofMinutes(10);

  private final RebuildContext context;
  private final String statement;
  private final RebuildState.@Nullable Keep keep;

  /**
   * @param statement one {@code ALTER TABLE}
   */
  public Rebuild(RebuildContext context, String statement) {
    this(context, statement, null);
  }

  /**
   * @param keep how long the old table is kept after the swap, so that the change can be reverted;
   *     null: it goes at once
   */
  public Rebuild(RebuildContext context, String statement, @Nullable Duration keep) {
    this.context = context;
    this.statement = statement.strip();
    this.keep = keep == null ? null : new RebuildState.Keep(keep.toSeconds());
  }

  /**
   * Begins, or goes on.
   *
   * @throws Refusal before anything has begun: HAL-301, 304, 310 the change or the table, HAL-116,
   *     117 the server, HAL-119 two servers take writes, HAL-407 it has begun on another server,
   *     HAL-603 another change of the table is under way
   * @throws Failure HAL-311 rows stand against the change, HAL-119 two servers write to the table,
   *     HAL-404 somebody changed it, HAL-406 the log cannot be followed, HAL-501 rows differ, and
   *     401 to 405
   */
  public RebuildReport run() {
    try (var begin = session(context)) {
      var session = begin.session();
      var preparation = Preparation.of(session, context.schema(), statement);
      var names = preparation.names();
      var rebuilds = new RebuildTable(names.table(), context.sessions(), context.journalWrites());
      var stored = rebuilds.find(session);
      if (stored.isPresent() && !stored.get().statement().equals(statement)) {
        throw ErrorCode.STATE_WRONG.refuse(
            "Another change of table %s is not at its end: %s"
                .formatted(names.table(), stored.get().statement()),
            stored.get().stage() == RebuildState.Stage.KEEPING
                ? "Its old table is kept; end that first: halcyon alter --abort " + names.table()
                : "Finish it by the same command first.");
      }
      if (stored.isPresent() && done(session, context.schema(), names, stored.get())) {
        settle(context, begin, names, rebuilds, stored.get());
        return RebuildReport.ended(stored.get().rows());
      }
      var begun = stored.filter(state -> state.stage() != RebuildState.Stage.PREPARING);
      begun.ifPresent(state -> requirePinned(session, names.table(), state));
      var state =
          begun.isPresent()
              ? kept(preparation, begun.get())
              : begin(begin, preparation, rebuilds, stored.orElse(null));
      var pinned = pinned(context, session, names.table(), state);
      if (state.stage() == RebuildState.Stage.SWAPPING) {
        undo(pinned, begin, names, state);
      }
      rebuilds.begin(session);
      try (var work = new Work(pinned, preparation.shapes(), rebuilds, state)) {
        var report = work(work);
        settle(pinned, begin, names, rebuilds, work.state());
        return report;
      }
    }
  }

  /**
   * @throws Refusal HAL-407 if it has begun on another server
   */
  static void requirePinned(Session session, String table, RebuildState state) {
    var server = state.server();
    if (server != null) {
      PinnedSessions.require(session, table, server);
    }
  }

  /** From here on only this server, whose log is followed. */
  static RebuildContext pinned(
      RebuildContext context, Session session, String table, RebuildState state) {
    var server = Objects.requireNonNullElseGet(state.server(), () -> ServerIdentity.of(session));
    context
        .events()
        .on(
            new Event.Note(
                "%s is worked on at %s: all writes must go to this server until it is done"
                    .formatted(table, server.text())));
    return context.pinned(table, server);
  }

  /** A run that goes on keeps the old table if this one is asked to. */
  private RebuildState kept(Preparation preparation, RebuildState begun) {
    if (keep == null || begun.keep() != null) {
      return begun;
    }
    var _ = preparation.requireWayBack();
    if (begun.byTriggers()) {
      preparation.captureBack();
    }
    return begun.with(keep);
  }

  /**
   * Whether a change could be done as a rebuild; nothing is left behind.
   *
   * @param session stands in a scratch schema of this name, with a copy of the table as it will be
   *     when the change comes
   * @param by what would tell of the application's writes
   * @param real the schema whose table has the triggers and keys that would have to come along;
   *     null if they will be others by then
   * @param expected what the server's own {@code ALTER TABLE} makes of the table's parts
   * @return what stands against it, each by its name
   */
  public static List<Finding> examine(
      Session session,
      String scratch,
      String statement,
      List<Delta> expected,
      CaptureBy by,
      @Nullable String real) {
    try {
      var preparation = Preparation.of(session, scratch, statement);
      var belongings =
          real == null
              ? Belongings.NONE
              : Catalog.table(session, real, preparation.names().table())
                  .map(table -> Belongings.read(session, real, table))
                  .orElse(Belongings.NONE);
      return preparation.examine(expected, belongings, by);
    } catch (Refusal refusal) {
      return refusal.findings();
    }
  }

  /**
   * Tells the rebuilds that are under way something, from anywhere and without the lease.
   *
   * @param table whose, or empty for all
   * @return those that were told
   */
  public static List<UnderWay> control(Session session, String table, Control control) {
    return RebuildTable.control(session, table, control);
  }

  /**
   * Whether a rebuild of the statement's table is under way, of this statement or another one.
   *
   * @throws Refusal HAL-210 or 301 if it is not one {@code ALTER TABLE}
   */
  public static boolean begun(RebuildContext context, String statement) {
    try (var begin = session(context)) {
      var names = Preparation.of(begin.session(), context.schema(), statement).names();
      return new RebuildTable(names.table(), context.sessions(), context.journalWrites())
          .find(begin.session())
          .isPresent();
    }
  }

  /** The change of a table that is under way or not yet tidied up, in the user's words. */
  public static Optional<String> underWay(RebuildContext context, String table) {
    try (var begin = session(context)) {
      return new RebuildTable(table, context.sessions(), context.journalWrites())
          .find(begin.session())
          .map(RebuildState::statement);
    }
  }

  /**
   * Gives up what is under way on a table, which stays as it is: removes the shadow table and the
   * state. A swap that has happened stays; only what it has left is removed, the old table that was
   * kept included.
   *
   * @return whether the tables had been swapped
   */
  public static boolean abandon(RebuildContext context, String table) {
    try (var begin = session(context)) {
      var session = begin.session();
      var names = ShadowNames.of(table);
      var rebuilds = new RebuildTable(table, context.sessions(), context.journalWrites());
      var stored = rebuilds.find(session);
      if (stored.isEmpty()) {
        return false;
      }
      if (done(session, context.schema(), names, stored.get())) {
        if (stored.get().stage() != RebuildState.Stage.KEEPING) {
          stored.get().move(context.schema(), names).settle(context, begin);
        }
        finish(context, begin, names, rebuilds, stored.get().at(RebuildState.Stage.SWAPPED));
        return true;
      }
      undo(context, begin, names, stored.get());
      // From here on the same statement would begin anew.
      var again = RebuildState.preparing(stored.get().statement(), null, stored.get().by());
      session.inTransaction(() -> rebuilds.write(session, again));
      if (again.byTriggers()) {
        CaptureTable.dropAll(context, begin, names);
      }
      session.execute("DROP TABLE IF EXISTS " + Sql.name(names.shadow()));
      rebuilds.remove(session);
      return false;
    }
  }

  /** After a swap that did not come: the tables are as they were before it was tried. */
  private static void undo(
      RebuildContext context, SteadySession steady, ShadowNames names, RebuildState state) {
    state.move(context.schema(), names).undo(context, steady);
    if (state.byTriggers()) {
      CaptureTable.detach(context, steady, names, names.back().touched());
    }
  }

  private static SteadySession session(RebuildContext context) {
    return new SteadySession(
        context.sessions(), "rebuild", Modes::prepare, context.patience(), context.stopped());
  }

  /** Whether the names have changed; what a lost cut-over has left between them is gone then. */
  private static boolean done(
      Session session, String schema, ShadowNames names, RebuildState state) {
    return switch (state.stage()) {
      case PREPARING, WORKING -> false;
      case SWAPPING -> {
        var _ = CutOver.dropSentry(session, names);
        yield CutOver.swapped(session, schema, names);
      }
      case SWAPPED, KEEPING -> true;
      case REVERTING, REVERTED ->
          throw ErrorCode.STATE_WRONG.refuse(
              "A revert of table %s is under way.".formatted(names.table()),
              "halcyon alter --revert " + names.table());
    };
  }

  /**
   * @param died of a run that has died while it made the shadow table; else null
   */
  private RebuildState begin(
      SteadySession steady,
      Preparation preparation,
      RebuildTable rebuilds,
      @Nullable RebuildState died) {
    var session = steady.session();
    var by = context.capture();
    preparation.requireSuitable(context.neighbours(), by);
    sayWhatIsNotKnown(session, preparation);
    if (died == null) {
      preparation.requireFreeNames();
      rebuilds.create(session);
    } else {
      if (died.byTriggers()) {
        CaptureTable.dropAll(context, steady, preparation.names());
      }
      preparation.dropShadow();
    }
    var preparing = RebuildState.preparing(statement, keep, by);
    session.inTransaction(() -> rebuilds.write(session, preparing));
    rebuilds.written();
    RebuildState state;
    try {
      state = preparation.create(statement, keep, by);
      if (by == CaptureBy.TRIGGERS) {
        capture(session, preparation);
      }
    } catch (Refusal refusal) {
      rebuilds.remove(session);
      throw refusal;
    }
    session.inTransaction(() -> rebuilds.write(session, state));
    rebuilds.written();
    return state;
  }

  private void capture(Session session, Preparation preparation) {
    try {
      var table = preparation.names().table();
      preparation.capture(BelongingsMove.patient(context, session, table), keep);
    } catch (Refusal refusal) {
      preparation.dropShadow();
      throw refusal;
    }
  }

  private void sayWhatIsNotKnown(Session session, Preparation preparation) {
    var unknown = SoleWriter.unknown(session, context.neighbours());
    if (!unknown.isEmpty()) {
      context.events().on(new Event.Note(unknown));
    }
    var needed = Suitability.space(preparation.source().bytes());
    if (FreeSpace.of(session).isEmpty()) {
      context
          .events()
          .on(
              new Event.Note(
                  "The rebuild needs about %s of the server's disk; how much is free there cannot be known from here."
                      .formatted(Figures.bytes(needed))));
    }
  }

  private RebuildReport work(Work work) {
    step(work, CopyPhase.STEP, "copy");
    try (var copy = new CopyPhase(work)) {
      copy.run();
    }
    var comparison = indexAndCompare(work);
    step(work, CutOver.STEP, "swap the tables");
    var cutOver = new CutOver(work, comparison);
    cutOver.run();
    return new RebuildReport(
        work.state().rows(),
        work.changes(),
        comparison.rows(),
        comparison.took(),
        cutOver.stall(),
        cutOver.attempts());
  }

  /** Side by side: neither keeps the server's processors busy on its own. */
  private Comparison indexAndCompare(Work work) {
    try (var indexes = new IndexPhase(work)) {
      step(work, IndexPhase.STEP, "build the indexes");
      indexes.begin();
      step(work, Comparison.STEP, "compare every row");
      return compare(work);
    }
  }

  /** Again and again while the cut-over is postponed: what is swapped in was compared lately. */
  private static Comparison compare(Work work) {
    while (true) {
      var comparison = new Comparison(work);
      comparison.run();
      work.awaitCutOver(COMPARE_EVERY);
      if (!work.orders().postponed()) {
        return comparison;
      }
    }
  }

  private void step(Work work, String step, String title) {
    var shapes = work.shapes();
    work.phase(step);
    context
        .events()
        .on(
            new Event.StepStarted(
                shapes.names().table(),
                step,
                title + " of " + shapes.names().table(),
                shapes.source().rows()));
  }

  /** After the swap: the old table goes, or is kept from now on. */
  private static void settle(
      RebuildContext context,
      SteadySession steady,
      ShadowNames names,
      RebuildTable rebuilds,
      RebuildState state) {
    if (state.stage() != RebuildState.Stage.KEEPING) {
      state.move(context.schema(), names).settle(context, steady);
    }
    var kept = state.keep();
    if (state.byTriggers() && state.stage() != RebuildState.Stage.KEEPING) {
      // What keeps the old table must not be captured as the application's.
      CaptureTable.drop(context, steady, names, names.touched());
    }
    if (kept == null) {
      finish(context, steady, names, rebuilds, state.at(RebuildState.Stage.SWAPPED));
    } else if (state.stage() != RebuildState.Stage.KEEPING) {
      while (true) {
        try {
          var session = steady.session();
          var now = session.first("SELECT UNIX_TIMESTAMP()").orElseThrow().longValue(1);
          var table = Catalog.table(session, context.schema(), names.table()).orElseThrow();
          var next =
              state.keeping(
                  kept,
                  Preparation.shape(table.showCreate()),
                  now + kept.seconds(),
                  Belongings.read(session, context.schema(), table));
          session.inTransaction(() -> rebuilds.write(session, next));
          rebuilds.written();
          return;
        } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
          steady.reopen(lost);
        }
      }
    }
  }

  /**
   * Removes the table that was swapped out, and the state.
   *
   * @param over says that it is of no use any more; it is stored first
   */
  static void finish(
      RebuildContext context,
      SteadySession steady,
      ShadowNames names,
      RebuildTable rebuilds,
      RebuildState over) {
    var told = false;
    while (true) {
      try {
        var session = steady.session();
        if (!told) {
          session.inTransaction(() -> rebuilds.write(session, over));
          rebuilds.written();
          told = true;
        }
        if (over.byTriggers()) {
          CaptureTable.dropAll(context, steady, names);
        }
        // A key that somebody has pointed at it meanwhile keeps it.
        session.execute("SET SESSION foreign_key_checks = 1");
        session.execute("DROP TABLE IF EXISTS " + Sql.name(names.old()));
        rebuilds.remove(session);
        return;
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        steady.reopen(lost);
      }
    }
  }
}
