package dev.halcyon.mysql;

import java.time.Duration;

/**
 * How long DDL may stand in the way, and how long it is tried.
 *
 * @param lockWait for one lock; whole seconds, at least 1, since the servers count so. While DDL
 *     waits for a metadata lock, every later statement on the table waits behind it
 * @param budget how long to go on trying
 */
public record Patience(Duration lockWait, Duration budget) {
  public Patience {
    if (lockWait.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a lock wait is at least 1 second, not " + lockWait);
    }
    if (budget.isNegative()) {
      throw new IllegalArgumentException("a budget is not negative: " + budget);
    }
  }

  /** 2 seconds for a lock, 10 minutes in all. */
  public static Patience defaults() {
    return new Patience(Duration.ofSeconds(2), Duration.ofMinutes(10));
  }
}
