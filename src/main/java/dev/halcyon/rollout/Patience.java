package dev.halcyon.rollout;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits in pieces, and notices between them that the run shall stop. */
record Patience(BooleanSupplier stop, String next) {
  private static final long PIECE_MILLIS = 50;

  /**
   * @param remains where the traffic is
   * @throws Failure HAL-405 when the run was asked to stop
   */
  void pause(Duration time, String remains) {
    long end = System.nanoTime() + time.toNanos();
    do {
      goOn(remains);
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      sleep(Math.clamp(left, 1, PIECE_MILLIS));
    } while (System.nanoTime() < end);
  }

  /**
   * @throws Failure HAL-405 when the run was asked to stop
   */
  void goOn(String remains) {
    if (stop.getAsBoolean()) {
      throw new Failure(ErrorCode.STOPPED, "release", "stopped on request", remains, next, null);
    }
  }

  /** A wait that nobody stops. */
  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", interruption);
    }
  }
}
