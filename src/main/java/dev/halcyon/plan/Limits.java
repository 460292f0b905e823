package dev.halcyon.plan;

/**
 * What a plan may ask of the server.
 *
 * @param copyRows a table with more rows than this (the server's estimate) is not changed by an
 *     ALTER that makes writers wait while every row is copied
 */
public record Limits(long copyRows) {
  public Limits {
    if (copyRows < 0) {
      throw new IllegalArgumentException("a row count is not negative");
    }
  }
}
