package dev.halcyon.demo;

import dev.halcyon.deploy.StopSignal;
import dev.halcyon.embedded.Distribution;
import dev.halcyon.progress.Events;
import java.time.Duration;

/**
 * How large the demonstration is.
 *
 * @param users at the beginning
 * @param clients at work at any time, of whichever version
 * @param pace of each client, from one piece of work to the next
 * @param scene how long an act lasts in which nothing happens but the clients' work
 * @param budget after so much time in all, such acts become short
 * @param seed of what the clients choose to do
 */
public record DemoSettings(
    Distribution distribution,
    int users,
    int clients,
    Duration pace,
    Duration scene,
    Duration budget,
    long seed,
    Events events,
    StopSignal stop) {
  public DemoSettings {
    if (users < 1 || clients < 2 || !pace.isPositive() || scene.isNegative()) {
      throw new IllegalArgumentException("a demonstration has users and two clients or more");
    }
  }

  /**
   * As {@code halcyon demo} shows it: 5,000 users, 8 clients with some 60 transactions a second.
   */
  public static DemoSettings full(
      Distribution distribution, long seed, Events events, StopSignal stop) {
    return new DemoSettings(
        distribution,
        5_000,
        8,
        Duration.ofMillis(16),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(35),
        seed,
        events,
        stop);
  }
}
