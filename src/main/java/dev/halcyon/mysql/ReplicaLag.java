package dev.halcyon.mysql;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives way to a replica that falls behind. The lag is the age, by the source's clock, of the
 * newest heartbeat that the replica has; so a replica that has stopped, or that cannot be asked,
 * lags, and two clocks are never compared. Thread-safe.
 */
public final class ReplicaLag implements Throttle, AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final Server replica;
  private final String heartbeat;
  private final Duration limit;
  private @Nullable Session session;
  private long lookedAt;
  private @Nullable Leeway latest;

  /**
   * @param heartbeat a SELECT that gives the newest heartbeat on the replica, a UTC time that the
   *     source wrote; the source must beat well within the limit
   */
  public ReplicaLag(Server replica, String heartbeat, Duration limit) {
    this.replica = replica;
    this.heartbeat = heartbeat;
    this.limit = limit;
  }

  @Override
  public synchronized Leeway leeway(Session source) {
    var before = latest;
    if (before != null && System.nanoTime() - lookedAt < LOOK_EVERY.toNanos()) {
      return before;
    }
    // The heartbeat is read before the clock, so that the lag is never taken for too small.
    var beat = beat();
    var leeway = beat.error() != null ? new Leeway.None(beat.error()) : judged(source, beat.time());
    lookedAt = System.nanoTime();
    latest = leeway;
    return leeway;
  }

  @Override
  public synchronized void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  private Leeway judged(Session source, String beat) {
    var micros =
        source
            .first("SELECT TIMESTAMPDIFF(MICROSECOND, ?, UTC_TIMESTAMP(6)) AS age", beat)
            .filter(row -> !row.isNull("age"))
            .map(row -> row.longValue("age"));
    if (micros.isEmpty()) {
      return new Leeway.None("the heartbeat of replica " + replica.address() + " is no time");
    }
    var lag = Duration.ofNanos(micros.get() * 1000);
    return lag.compareTo(limit) > 0
        ? new Leeway.None(
            "replica %s is %.1f s behind, the limit is %.1f s"
                .formatted(replica.address(), seconds(lag), seconds(limit)))
        : new Leeway.Full();
  }

  private record Beat(String time, @Nullable String error) {}

  private Beat beat() {
    try {
      var open = session;
      if (open == null) {
        open = replica.open("replica lag");
        session = open;
      }
      Optional<String> time = open.first(heartbeat).map(row -> row.stringOrNull(1));
      return time.map(text -> new Beat(text, null))
          .orElseGet(() -> new Beat("", "replica " + replica.address() + " has no heartbeat"));
    } catch (Fault fault) {
      close();
      return new Beat(
          "", "replica " + replica.address() + " cannot be asked how far it is: " + fault.detail());
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
