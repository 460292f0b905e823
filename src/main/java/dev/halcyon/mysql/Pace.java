package dev.halcyon.mysql;

import java.time.Duration;

/**
 * How fast a table is worked through.
 *
 * @param target how long a chunk shall take when nobody else is at work
 * @param sharedTarget how long a chunk shall work before its commit while others are at work: they
 *     wait for its rows, and for the processor and the disk that it keeps busy; as long as its
 *     commit, if that takes longer
 * @param sharedPause pause after a chunk while others are at work, as a multiple of the time that
 *     the chunk took
 * @param fewest and {@code most}: bounds of a chunk's rows; locks of others may make it smaller
 */
public record Pace(
    Duration target, Duration sharedTarget, double sharedPause, long fewest, long most) {
  /** What the program uses. */
  public static final Pace DEFAULT =
      new Pace(Duration.ofMillis(100), Duration.ofMillis(1), 2.0, 20, 50_000);

  public Pace {
    if (!sharedTarget.isPositive()
        || target.compareTo(sharedTarget) < 0
        || sharedPause < 0
        || fewest < 1
        || most < fewest) {
      throw new IllegalArgumentException("a pace has positive times and rows in order");
    }
  }

  public Pace withTarget(Duration newTarget) {
    var shared = sharedTarget.compareTo(newTarget) > 0 ? newTarget : sharedTarget;
    return new Pace(newTarget, shared, sharedPause, fewest, most);
  }

  public Pace withRows(long newFewest, long newMost) {
    return new Pace(target, sharedTarget, sharedPause, newFewest, newMost);
  }
}
