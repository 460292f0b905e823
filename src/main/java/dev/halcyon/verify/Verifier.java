package dev.halcyon.verify;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Pacer;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs one verify step: looks at every row that was there when it began, without locks, in chunks
 * by key. A large table is looked at on a second connection too, as long as nobody else is at work.
 * For one run.
 */
public final class Verifier {
  /** Rows from which a second connection is worth opening. */
  private static final long WORTH_TWO = 100_000;

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Step.Verify step;
  private final VerifyContext context;
  private final FaultQuery query;
  private final Tally tally;
  private volatile @Nullable TableKey key;

  public Verifier(Step.Verify step, VerifyContext context) {
    this.step = step;
    this.context = context;
    this.query = new FaultQuery(step);
    this.tally = new Tally(step);
  }

  /**
   * Looks at every row.
   *
   * @throws Refusal HAL-304 for a table that cannot be walked
   * @throws Failure HAL-401 when the server refuses a statement, HAL-402 when the table stays
   *     locked, HAL-403 when the server stays away, HAL-405 when the user stopped it
   */
  public VerifyReport run() {
    try (var work = open()) {
      var pacer = pacer();
      if (step.whole()) {
        var parts = steadily(work, pacer, session -> query.run(session, Sql.OWN));
        var rows = steadily(work, pacer, query::rows);
        advanced(tally.add(0, rows, parts));
      } else {
        steadily(work, pacer, this::begin).ifPresent(walk -> walk(work, pacer, walk));
      }
    }
    return tally.report();
  }

  private Optional<KeyWalk> begin(Session session) {
    var read = TableKey.read(session, step.table(), step.key());
    read.prepare(session);
    key = read;
    return KeyWalk.begin(session, read);
  }

  private void walk(SteadySession work, Pacer pacer, KeyWalk walk) {
    var chunks = new Chunks(walk);
    if (step.rows() < WORTH_TWO) {
      takeAll(work, pacer, chunks, walk);
      return;
    }
    var second = new FutureTask<@Nullable Void>(() -> assist(chunks, walk), null);
    var _ = Thread.ofPlatform().name("halcyon-verify").start(second);
    try {
      takeAll(work, pacer, chunks, walk);
    } finally {
      chunks.end();
      outcome(second);
    }
  }

  /** What the second worker met; waits for its end, which comes with the chunk in hand. */
  private void outcome(FutureTask<@Nullable Void> second) {
    try {
      var _ = second.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failure.getCause());
    } catch (CancellationException cancelled) {
      throw new IllegalStateException(cancelled);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw stopped();
    }
  }

  private void assist(Chunks chunks, KeyWalk walk) {
    try (var work = open()) {
      var pacer = pacer();
      while (!chunks.ended()) {
        if (!pacer.rest(work.session())) {
          return; // the first worker says so
        }
        if (pacer.alone()) {
          if (!take(work, pacer, chunks, walk)) {
            return;
          }
        } else if (!pacer.sleep(PAUSE)) {
          return;
        }
      }
    } finally {
      chunks.end();
    }
  }

  private void takeAll(SteadySession work, Pacer pacer, Chunks chunks, KeyWalk walk) {
    do {
      if (!steadily(work, pacer, pacer::rest)) {
        throw stopped();
      }
    } while (take(work, pacer, chunks, walk));
  }

  /** Looks at one chunk; false when there is none left. */
  private boolean take(SteadySession work, Pacer pacer, Chunks chunks, KeyWalk walk) {
    var next = steadily(work, pacer, session -> chunks.next(session, pacer.rows()));
    if (next.isEmpty()) {
      return false;
    }
    var chunk = next.get().chunk();
    var condition = walk.key().condition(step.alias(), chunk.range());
    var start = System.nanoTime();
    var parts = steadily(work, pacer, session -> query.run(session, condition));
    pacer.done(chunk.rows(), Duration.ofNanos(System.nanoTime() - start));
    advanced(tally.add(next.get().ordinal(), chunk.rows(), parts));
    return true;
  }

  /** Reading may be repeated, on a new connection if need be. */
  private <T> T steadily(SteadySession work, Pacer pacer, Function<Session, T> reading) {
    var end = System.nanoTime() + context.patience().toNanos();
    while (true) {
      try {
        return reading.apply(work.session());
      } catch (Fault.Transient passing) {
        if (System.nanoTime() > end) {
          throw failed(ErrorCode.LOCK_WAIT, passing);
        }
        if (!pacer.sleep(PAUSE)) {
          throw stopped();
        }
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        work.reopen(lost);
      } catch (Fault.Refused refused) {
        throw failed(ErrorCode.STEP_FAILED, refused);
      }
    }
  }

  private SteadySession open() {
    return new SteadySession(
        context.sessions(),
        "verify " + step.table(),
        this::prepare,
        context.patience(),
        context.stopped());
  }

  private void prepare(Session session) {
    // Keys and counts of a chunk with faults are read in one snapshot.
    session.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    var known = key;
    if (known != null) {
      known.prepare(session);
    }
  }

  private Pacer pacer() {
    return new Pacer(
        context.pace(),
        context.throttle(),
        context.stopped(),
        reason -> context.events().on(new Event.Waiting(context.version(), step.id(), reason)));
  }

  private void advanced(long rows) {
    context
        .events()
        .on(
            new Event.StepAdvanced(
                context.version(), step.id(), rows, Math.max(step.rows(), rows)));
  }

  private Failure stopped() {
    return failure(ErrorCode.STOPPED, "stopped on request", null);
  }

  private Failure failed(ErrorCode code, Fault fault) {
    return failure(code, fault.detail(), fault);
  }

  private Failure failure(ErrorCode code, String detail, @Nullable Fault cause) {
    return new Failure(
        code,
        step.title() + " (step " + step.id() + ")",
        detail,
        "A verification changes nothing.",
        "Type the same command again.",
        cause);
  }
}
