package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Growing pauses with jitter, and the time that they may take in all. For one thread.
 *
 * <p>Each pause is between half and the whole of a length that doubles up to a limit, so that
 * several runs that wait for one thing do not come back together.
 */
final class Backoff {
  private final long firstMillis;
  private final long mostMillis;
  private final long started = System.nanoTime();
  private int pauses;

  Backoff(Duration first, Duration most) {
    this.firstMillis = first.toMillis();
    this.mostMillis = most.toMillis();
  }

  /** Since this was made. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** The next pause, at most what is left of the budget; zero when nothing is left. */
  Duration next(Duration budget) {
    var length = Math.min(mostMillis, firstMillis << Math.min(pauses, 20));
    pauses++;
    return next(Duration.ofMillis(length), budget);
  }

  /** A pause of a given length, as {@link #next(Duration)}. */
  Duration next(Duration length, Duration budget) {
    var millis = Math.min(mostMillis, length.toMillis());
    var jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    var left = budget.minus(elapsed()).toMillis();
    return Duration.ofMillis(Math.max(0, Math.min(jittered, left)));
  }

  /**
   * Waits.
   *
   * @throws Failure HAL-405 if the thread is interrupted, which it stays
   */
  static void pause(Duration length, String action) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new Failure(
          ErrorCode.STOPPED,
          action,
          "stopped while waiting",
          "The statement has not run.",
          "Run the same command again to go on.",
          interruption);
    }
  }
}
