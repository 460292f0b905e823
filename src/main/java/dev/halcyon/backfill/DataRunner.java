package dev.halcyon.backfill;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.plan.Step;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs the user's own data statements that cannot be cut into chunks: all of them and their mark in
 * the journal in one transaction, so that they are done exactly once. For one thread, and for one
 * run.
 */
public final class DataRunner {
  private static final String DONE = "done";
  private static final Duration LOCK_WAIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final BackfillContext context;
  private final Step.Data step;

  public DataRunner(Step.Data step, BackfillContext context) {
    this.step = step;
    this.context = context;
  }

  /**
   * Does the statements, unless the mark shows that they are done.
   *
   * @throws Failure HAL-401 when the server refuses one, HAL-402 when rows stay locked, HAL-403
   *     when the server stays away, HAL-405 when the user stopped it
   */
  public void run() {
    try (var work =
        new SteadySession(
            context.sessions(),
            "data " + step.table(),
            session -> session.setLockWait(LOCK_WAIT),
            context.patience(),
            context.stopped())) {
      var end = System.nanoTime() + context.patience().toNanos();
      while (true) {
        if (context.stopped().getAsBoolean()) {
          throw failed(ErrorCode.STOPPED, "stopped on request", null);
        }
        try {
          once(work);
          return;
        } catch (Fault.Transient collision) {
          if (System.nanoTime() > end) {
            throw failed(ErrorCode.LOCK_WAIT, collision.detail(), collision);
          }
          pause();
        } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
          work.reopen(lost);
        } catch (Fault.Refused refused) {
          throw failed(ErrorCode.STEP_FAILED, refused.detail(), refused);
        }
      }
    }
  }

  private void once(SteadySession work) {
    var session = work.session();
    session.inTransaction(
        () -> {
          if (context.checkpoints().read(session).isEmpty()) {
            step.statements().forEach(session::execute);
            context.checkpoints().write(session, DONE, 0);
          }
        });
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw failed(ErrorCode.STOPPED, "interrupted", null);
    }
  }

  private Failure failed(ErrorCode code, String detail, @Nullable Fault cause) {
    return new Failure(
        code,
        step.title() + " (step " + step.id() + ")",
        detail,
        "Nothing of this step has been done.",
        "Mend what the server names, then type the same command again.",
        cause);
  }
}
