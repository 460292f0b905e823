package dev.halcyon.journal;

import java.time.Duration;

/**
 * How a lease beats and ends.
 *
 * @param heartbeat between two signs of life
 * @param expiry how long a holder that shows no sign of life is believed alive
 * @param patience how long to wait for a dead run's statement to end, and for a lost server to come
 *     back
 */
public record LeaseTimes(Duration heartbeat, Duration expiry, Duration patience) {
  /** What the program uses. */
  public static final LeaseTimes DEFAULT =
      new LeaseTimes(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(60));

  public LeaseTimes {
    if (!heartbeat.isPositive() || expiry.compareTo(heartbeat.multipliedBy(3)) < 0) {
      throw new IllegalArgumentException("a lease beats at least three times before it expires");
    }
  }
}
