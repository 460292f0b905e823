package dev.halcyon.plan;

import java.time.Duration;

/**
 * What a change may ask of the server.
 *
 * @param copyRows a table with more rows than this (the server's estimate) is not changed by an
 *     ALTER that makes writers wait while every row is copied
 * @param mostLag how far replicas may fall behind
 * @param replicaNamed whether the user has named a replica
 */
public record Limits(long copyRows, Duration mostLag, boolean replicaNamed) {
  private static final Duration LAG = Duration.ofSeconds(5);

  public Limits {
    if (copyRows < 0) {
      throw new IllegalArgumentException("a row count is not negative");
    }
  }

  /** With the usual lag, and no replica named. */
  public Limits(long copyRows) {
    this(copyRows, LAG, false);
  }
}
