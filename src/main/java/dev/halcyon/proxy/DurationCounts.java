package dev.halcyon.proxy;

import dev.halcyon.proxy.MeterReading.Histogram;
import java.util.Arrays;

/** Counts durations in buckets, each twice as wide as the one before. For one thread. */
final class DurationCounts {
  /** 16 microseconds: what a round trip on one host takes at the least. */
  private static final int FIRST_BITS = 14;

  /** Up to 68 seconds, and what is longer. */
  private static final int BUCKETS = 24;

  private final long[] counts = new long[BUCKETS];
  private long nanos;

  void add(long duration) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(duration, 1) - 1);
    counts[Math.clamp(bits - FIRST_BITS, 0, BUCKETS - 1)]++;
    nanos += duration;
  }

  Histogram histogram() {
    return new Histogram(Arrays.stream(counts).boxed().toList(), nanos);
  }

  /** In nanoseconds; it belongs to the bucket. */
  static long bound(int bucket) {
    return 1L << (FIRST_BITS + bucket);
  }
}
