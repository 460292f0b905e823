package dev.halcyon.mysql;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Sets the size of chunks and the pauses between them, for one worker. A chunk that took too long
 * makes the next one smaller at once; chunks grow step by step.
 */
public final class Pacer {
  private static final long FIRST_ROWS = 1000;
  private static final double GROWTH = 1.5;

  /** How much longer a chunk may take that only reads. */
  private static final long READING = 4;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SAY_AGAIN = Duration.ofSeconds(10);

  private final Pace pace;
  private final Throttle throttle;
  private final BooleanSupplier stopped;
  private final Consumer<String> waiting;
  private Leeway leeway = new Leeway.Shared();
  private long rows;
  private Duration took = Duration.ZERO;

  /**
   * @param stopped whether the user wants to stop; asked often
   * @param waiting is told why the work waits
   */
  public Pacer(Pace pace, Throttle throttle, BooleanSupplier stopped, Consumer<String> waiting) {
    this.pace = pace;
    this.throttle = throttle;
    this.stopped = stopped;
    this.waiting = waiting;
    this.rows = bounded(FIRST_ROWS);
  }

  /** How many rows the next chunk shall have. */
  public long rows() {
    return rows;
  }

  /** Whether nobody else was at work at the last rest. */
  public boolean alone() {
    return leeway instanceof Leeway.Full;
  }

  /** A chunk that only read is done: nobody waits for its rows or its commit. */
  public void done(long chunkRows, Duration chunkTook) {
    took = chunkTook;
    var shared = pace.sharedTarget().multipliedBy(READING);
    resize(chunkRows, chunkTook, shared.compareTo(pace.target()) < 0 ? shared : pace.target());
  }

  /**
   * A chunk that wrote is done.
   *
   * @param work until its commit
   * @param commit which costs about the same for a chunk of any size; where the disk makes it dear,
   *     others wait as long for commits of their own, and small chunks would give them nothing
   */
  public void done(long chunkRows, Duration work, Duration commit) {
    took = work.plus(commit);
    var shared = pace.sharedTarget();
    var longest = commit.compareTo(pace.target()) < 0 ? commit : pace.target();
    resize(chunkRows, work, longest.compareTo(shared) > 0 ? longest : shared);
  }

  private void resize(long chunkRows, Duration work, Duration shared) {
    var target = leeway instanceof Leeway.Full ? pace.target() : shared;
    var fitting = (double) chunkRows * target.toNanos() / Math.max(1, work.toNanos());
    if (fitting < rows) {
      rows = bounded((long) fitting);
    } else if (chunkRows >= rows) {
      rows = Math.min(bounded((long) fitting), Math.max(rows + 1, (long) (rows * GROWTH)));
    }
  }

  /** A chunk met others' locks: the next try takes fewer rows, at last a single one. */
  public void collided() {
    rows = Math.max(1, rows / 2);
  }

  /**
   * Gives way to others as the throttle says, before the next chunk.
   *
   * @return false when the user wants to stop
   */
  public boolean rest(Session session) {
    var before = leeway;
    leeway = throttle.leeway(session);
    if (leeway instanceof Leeway.Shared) {
      if (before instanceof Leeway.Full) {
        // A chunk that suits an idle server is too long at once.
        var share = (double) pace.sharedTarget().toNanos() / pace.target().toNanos();
        rows = bounded((long) (rows * share));
      }
      var pause = Duration.ofNanos((long) (took.toNanos() * pace.sharedPause()));
      took = Duration.ZERO;
      return sleep(pause);
    }
    return waitForRoom(session);
  }

  /** Pauses; false when the user wants to stop. */
  public boolean sleep(Duration pause) {
    var end = System.nanoTime() + pause.toNanos();
    try {
      while (!stopped.getAsBoolean()) {
        var left = end - System.nanoTime();
        if (left <= 0) {
          return true;
        }
        Thread.sleep(Duration.ofNanos(Math.min(left, POLL.toNanos())));
      }
      return false;
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean waitForRoom(Session session) {
    var said = 0L;
    while (leeway instanceof Leeway.None(var reason)) {
      if (said == 0 || System.nanoTime() - said > SAY_AGAIN.toNanos()) {
        waiting.accept(reason);
        said = System.nanoTime();
      }
      if (!sleep(POLL.multipliedBy(2))) {
        return false;
      }
      leeway = throttle.leeway(session);
    }
    return !stopped.getAsBoolean();
  }

  private long bounded(long wanted) {
    return Math.clamp(wanted, pace.fewest(), pace.most());
  }
}
