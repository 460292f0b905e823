package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.sql.TableShape;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A change that the server makes itself, by an explicit way, once. For one thread. */
final class NativeAlter {
  private static final int MOST_LOSSES = 5;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final RebuildContext context;
  private final String table;
  private final String sql;
  private final WayTrial.Result tried;

  NativeAlter(RebuildContext context, String table, String sql, WayTrial.Result tried) {
    this.context = context;
    this.table = table;
    this.sql = sql;
    this.tried = tried;
  }

  /**
   * @throws Failure HAL-401 the server refuses, HAL-402 the table stays locked, HAL-403 the server
   *     is away, HAL-404 somebody has changed the table
   */
  void run() {
    try (var steady =
        new SteadySession(
            context.sessions(),
            "alter " + table,
            Modes::defining,
            context.patience(),
            context.stopped())) {
      Fault last = null;
      for (var losses = 0; losses < MOST_LOSSES; losses++) {
        if (done(steady, last)) {
          return;
        }
        try {
          patient(steady).run(table, sql);
          return;
        } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
          last = lost;
          reopen(steady, lost);
        } catch (Fault.Refused refused) {
          if (last != null && done(steady, refused)) {
            return;
          }
          throw failed(ErrorCode.STEP_FAILED, refused.detail(), refused);
        }
      }
      throw failed(ErrorCode.CONNECTION_LOST, "interrupted again and again", last);
    }
  }

  private PatientDdl patient(SteadySession steady) {
    return new PatientDdl(
        steady.session(),
        context.server()::open,
        context.waits(),
        context.events(),
        table,
        "alter");
  }

  /** A lost reply is cleared up by looking at the table. */
  private boolean done(SteadySession steady, @Nullable Fault last) {
    while (true) {
      try {
        var now =
            Catalog.table(steady.session(), context.schema(), table)
                .map(found -> TableShape.elements(found.showCreate()))
                .orElseThrow(() -> failed(ErrorCode.DRIFT, "the table is gone", last));
        if (last != null && !tried.changesNothing() && now.equals(tried.after())) {
          return true;
        }
        if (!now.equals(tried.before())) {
          throw failed(ErrorCode.DRIFT, "somebody has changed the table", last);
        }
        return false;
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        reopen(steady, lost);
      }
    }
  }

  /** What the table looks like tells nothing while the lost statement still runs. */
  private void reopen(SteadySession steady, Fault lost) {
    var id = steady.session().connectionId();
    steady.reopen(lost);
    var end = System.nanoTime() + context.patience().toNanos();
    while (steady
        .session()
        .first("SELECT 1 FROM information_schema.processlist WHERE id = ?", id)
        .isPresent()) {
      if (System.nanoTime() > end) {
        throw failed(ErrorCode.CONNECTION_LOST, "connection " + id + " does not end", lost);
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw failed(ErrorCode.STOPPED, "interrupted", lost);
      }
    }
  }

  private Failure failed(ErrorCode code, String detail, @Nullable Throwable cause) {
    return new Failure(
        code,
        "alter table " + table,
        detail,
        "The statement has had no effect, unless the table shows it.",
        "Look at the table, then type the same command again.",
        cause);
  }
}
