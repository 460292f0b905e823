package dev.halcyon.cli;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast rows of one step go by. A resumed step begins at its checkpoint, so the first figure
 * only sets the start.
 */
final class Rate {
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final long firstNanos;
  private final long firstDone;
  private long nanos;
  private long done;

  Rate(long nanos, long done) {
    this.firstNanos = nanos;
    this.firstDone = done;
    this.nanos = nanos;
    this.done = done;
  }

  void advance(long nowNanos, long nowDone) {
    nanos = nowNanos;
    done = nowDone;
  }

  /** Rows a second, or nothing while it is still measuring. */
  Optional<Long> perSecond() {
    long passed = nanos - firstNanos;
    long rows = done - firstDone;
    if (passed < LEAST.toNanos() || rows <= 0) {
      return Optional.empty();
    }
    return Optional.of(Math.max(1, Math.round(rows * 1e9 / passed)));
  }

  /** What remains at this rate; nothing while measuring or when the total proved too low. */
  Optional<Duration> remaining(long total) {
    return perSecond()
        .filter(_ -> done <= total)
        .map(rows -> Duration.ofSeconds((total - done) / rows));
  }
}
