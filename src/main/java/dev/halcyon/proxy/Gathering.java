package dev.halcyon.proxy;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a hold, while something lasts that cannot be cut short: a transaction, mostly.
 * Nobody else has to stand still for it: what neither opens a transaction nor binds its session
 * passes. It ends once nothing lasts in any shard at the same time, see {@link Lasting}; then
 * everybody stands at a boundary within a moment. On the first event loop only.
 */
final class Gathering {
  private final LongSupplier nanoTime;
  private final Ground ground;
  private final Runnable over;

  private boolean goesOn;
  private long ended;
  private @Nullable Round round;

  /** What it needs of the shards. */
  interface Ground {
    int shards();

    /**
     * Each answers once, on the first loop, as soon as nothing lasts with it.
     *
     * @param answer is given whether it was so at once
     */
    void ask(Consumer<Boolean> answer);
  }

  /** One question to all. What was true of one shard need not be any more when the last answers. */
  private static final class Round {
    private int open;
    private boolean atOnce = true;

    private Round(int shards) {
      this.open = shards;
    }
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   * @param over runs when it has ended by itself: from now on everybody stops at a boundary
   */
  Gathering(LongSupplier nanoTime, Ground ground, Runnable over) {
    this.nanoTime = nanoTime;
    this.ground = ground;
    this.over = over;
  }

  boolean goesOn() {
    return goesOn;
  }

  /** For how long it has been over. */
  Duration over() {
    return Duration.ofNanos(nanoTime.getAsLong() - ended);
  }

  /** The shards are yet to be told, and then to be asked. */
  void begin() {
    goesOn = true;
  }

  void ask() {
    var next = new Round(ground.shards());
    round = next;
    ground.ask(atOnce -> answered(next, atOnce));
  }

  private void answered(Round of, boolean atOnce) {
    if (!of.equals(round)) {
      return;
    }
    of.atOnce &= atOnce;
    of.open--;
    if (of.open > 0) {
      return;
    }
    if (of.atOnce) {
      end();
      over.run();
    } else {
      ask();
    }
  }

  /** Whatever lasts. */
  void end() {
    if (goesOn) {
      ended = nanoTime.getAsLong();
    }
    goesOn = false;
    round = null;
  }
}
