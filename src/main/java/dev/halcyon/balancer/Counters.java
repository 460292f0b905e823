package dev.halcyon.balancer;

import java.time.Duration;

/**
 * What a version's servers have done since the balancer began to count.
 *
 * @param answers failed ones included
 * @param failed answers with a 5xx status, and requests that got none
 * @param latency the balancer's own mean of the last ones
 */
public record Counters(long answers, long failed, Duration latency) {
  public Counters since(Counters earlier) {
    return new Counters(answers - earlier.answers, failed - earlier.failed, latency);
  }

  /** Whether the balancer has begun to count anew meanwhile. */
  public boolean restartedSince(Counters earlier) {
    return answers < earlier.answers || failed < earlier.failed;
  }
}
