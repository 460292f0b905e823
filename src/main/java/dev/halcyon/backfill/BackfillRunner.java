package dev.halcyon.backfill;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Pacer;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs one backfill. A chunk's statements and its checkpoint are one transaction; after any lost
 * reply the checkpoint tells whether the chunk was committed. So every chunk is done exactly once,
 * whatever happens. For one thread, and for one run.
 */
public final class BackfillRunner {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(5);
  private static final int FREE_ATTEMPTS = 12;
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(1);

  private final BackfillContext context;
  private final Step.Backfill step;
  private final Pacer pacer;
  private @Nullable TableKey key;
  private @Nullable Checkpoint reached;
  private long chunks;
  private long collisions;
  private long reconnects;
  private int attempts;
  private long collidingSince;

  public BackfillRunner(Step.Backfill step, BackfillContext context) {
    this.step = step;
    this.context = context;
    this.pacer =
        new Pacer(
            context.pace(),
            context.throttle(),
            context.stopped(),
            reason -> context.events().on(new Event.Waiting(context.version(), step.id(), reason)));
  }

  /**
   * Begins, or goes on from the checkpoint, and ends when every row has been walked.
   *
   * @throws Refusal HAL-304 for a table that cannot be walked
   * @throws Failure HAL-401 when the server refuses a chunk, HAL-402 when rows stay locked, HAL-403
   *     when the server stays away, HAL-405 when the user stopped it
   */
  public BackfillReport run() {
    try (var work =
        new SteadySession(
            context.sessions(),
            "backfill " + step.table(),
            session -> BackfillSettings.apply(session, step.quiet()),
            context.patience(),
            context.stopped())) {
      var more = true;
      while (more) {
        try {
          more = advance(work);
          attempts = 0;
        } catch (Fault.Transient collision) {
          backOff(collision);
        } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
          reconnects++;
          reached = null;
          key = null;
          work.reopen(lost);
        } catch (Fault.Refused refused) {
          throw refused(refused);
        }
      }
      var end = reached;
      return new BackfillReport(end == null ? 0 : end.rows(), chunks, collisions, reconnects);
    }
  }

  /** One chunk; false when there is none left. */
  private boolean advance(SteadySession work) {
    var session = work.session();
    var walked = key;
    if (walked == null) {
      walked = TableKey.read(session, step.table(), step.key());
      walked.prepare(session);
      key = walked;
    }
    var from = reached;
    if (from == null) {
      var tableKey = walked;
      from = session.inTransaction(() -> begin(work, tableKey));
      if (from == null) {
        return false;
      }
      reached = from;
      advanced(from);
    }
    if (!pacer.rest(session)) {
      throw stopped();
    }
    var chunk = new KeyWalk(walked, from.end()).next(session, from.after(), pacer.rows());
    if (chunk.isEmpty()) {
      return false;
    }
    reached = commit(work, walked, from, chunk.get());
    advanced(reached);
    return true;
  }

  private @Nullable Checkpoint begin(SteadySession work, TableKey walked) {
    var session = work.session();
    var stored = context.checkpoints().read(session);
    if (stored.isPresent()) {
      return Checkpoint.parse(stored.get());
    }
    var walk = KeyWalk.begin(session, walked);
    if (walk.isEmpty()) {
      return null;
    }
    var start = new Checkpoint(null, walk.get().end(), 0);
    context.checkpoints().write(session, start.text(), 0);
    return start;
  }

  private Checkpoint commit(SteadySession work, TableKey walked, Checkpoint from, Chunk chunk) {
    var session = work.session();
    var condition = walked.condition(step.alias(), chunk.range());
    var then = from.then(chunk.range().upTo(), chunk.rows());
    var start = System.nanoTime();
    long worked =
        session.inTransaction(
            () -> {
              walked.lock(session, chunk);
              for (var statement : step.statements()) {
                session.execute(statement.replace("{range}", condition));
              }
              context.checkpoints().write(session, then.text(), then.rows());
              return System.nanoTime();
            });
    var committed = System.nanoTime();
    chunks++;
    pacer.done(
        chunk.rows(), Duration.ofNanos(worked - start), Duration.ofNanos(committed - worked));
    return then;
  }

  private void advanced(Checkpoint now) {
    context
        .events()
        .on(
            new Event.StepAdvanced(
                context.version(), step.id(), now.rows(), Math.max(step.rows(), now.rows())));
  }

  /** Others hold locks on rows of the chunk: give way, then try fewer rows. */
  private void backOff(Fault.Transient collision) {
    collisions++;
    context
        .events()
        .on(
            new Event.Waiting(
                context.version(), step.id(), "others hold rows: " + collision.detail()));
    if (attempts++ == 0) {
      collidingSince = System.nanoTime();
    } else if (System.nanoTime() - collidingSince > context.patience().toNanos()) {
      throw new Failure(
          ErrorCode.LOCK_WAIT,
          action(),
          collision.detail() + ", for " + context.patience().toSeconds() + " s",
          remains(),
          "End the transaction that holds the rows, then type the same command again.",
          collision);
    }
    pacer.collided();
    // Half the rows are the better remedy, as long as there is more than one.
    var pause = FIRST_BACKOFF.multipliedBy(1L << Math.clamp(attempts - FREE_ATTEMPTS, 0, 8));
    if (!pacer.sleep(pause.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : pause)) {
      throw stopped();
    }
  }

  private Failure refused(Fault.Refused refused) {
    return new Failure(
        ErrorCode.STEP_FAILED,
        action(),
        refused.detail(),
        remains(),
        "Mend what the server names, then type the same command again.",
        refused);
  }

  private Failure stopped() {
    return new Failure(
        ErrorCode.STOPPED,
        action(),
        "stopped on request",
        remains(),
        "Type the same command again to go on.",
        null);
  }

  private String action() {
    return step.title() + " (step " + step.id() + ")";
  }

  private String remains() {
    var now = reached;
    return now == null || now.after() == null
        ? "No row has been changed."
        : "%d rows are done, up to key (%s); the run goes on behind it."
            .formatted(now.rows(), now.after());
  }
}
