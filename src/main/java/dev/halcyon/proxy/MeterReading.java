package dev.halcyon.proxy;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a proxy has counted since its start.
 *
 * @param fromClients bytes passed on
 * @param fromServers bytes passed on
 * @param sessions that were opened
 * @param moved sessions that went on at another server
 * @param statements the time from a command's being passed on to the last byte of its answer; a
 *     hold is not in it
 * @param holds how long clients were held
 */
public record MeterReading(
    long fromClients,
    long fromServers,
    long sessions,
    long moved,
    long loginsFailed,
    Histogram statements,
    Histogram holds) {

  /** Of both together. */
  MeterReading plus(MeterReading other) {
    return new MeterReading(
        fromClients + other.fromClients,
        fromServers + other.fromServers,
        sessions + other.sessions,
        moved + other.moved,
        loginsFailed + other.loginsFailed,
        statements.plus(other.statements),
        holds.plus(other.holds));
  }

  /**
   * How often something took how long.
   *
   * @param counts of each bucket; bucket i holds what took at most 2<sup>14 + i</sup> ns and did
   *     not fit the one before, the last one all else
   * @param nanos all of it
   */
  public record Histogram(List<Long> counts, long nanos) {
    public Histogram {
      counts = List.copyOf(counts);
    }

    private Histogram plus(Histogram other) {
      return new Histogram(
          IntStream.range(0, counts.size())
              .mapToObj(i -> counts.get(i) + other.counts.get(i))
              .toList(),
          nanos + other.nanos);
    }

    /** The upper bound of a bucket, in seconds; infinite for the last. */
    public double bound(int bucket) {
      return bucket == counts.size() - 1
          ? Double.POSITIVE_INFINITY
          : DurationCounts.bound(bucket) / 1e9;
    }
  }
}
