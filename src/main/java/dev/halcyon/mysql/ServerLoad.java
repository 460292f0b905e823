package dev.halcyon.mysql;

import java.time.Duration;

/**
 * Gives way to other clients of the server: by the number of running threads, and by the rate of
 * statements that are not this program's own. Thread-safe.
 */
public final class ServerLoad implements Throttle {
  /** Others below this rate are monitoring, not traffic. */
  private static final double TRAFFIC_PER_SECOND = 20;

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  /** Traffic that pauses for a moment has not ended. */
  private static final Duration BELIEVED = Duration.ofSeconds(2);

  private final Server server;
  private final int mostThreads;
  private long lookedAt;
  private long others;
  private long trafficAt;
  private Leeway latest = new Leeway.Shared();
  private boolean looked;

  /**
   * @param mostThreads running threads, our own included, above which work waits
   */
  public ServerLoad(Server server, int mostThreads) {
    if (mostThreads < 2) {
      throw new IllegalArgumentException("our own threads run too");
    }
    this.server = server;
    this.mostThreads = mostThreads;
  }

  @Override
  public synchronized Leeway leeway(Session session) {
    var now = System.nanoTime();
    if (looked && now - lookedAt < LOOK_EVERY.toNanos()) {
      return latest;
    }
    var threads = status(session, "Threads_running");
    var othersNow = status(session, "Questions") - server.statementsSent();
    if (!looked) {
      trafficAt = now - BELIEVED.toNanos();
    } else if ((othersNow - others) * 1e9 / (now - lookedAt) > TRAFFIC_PER_SECOND) {
      trafficAt = now;
    }
    others = othersNow;
    lookedAt = now;
    // One look tells no rate: until there is a second, the worse is assumed.
    latest = looked ? judged(threads, now) : assumed(threads);
    looked = true;
    return latest;
  }

  private Leeway assumed(long threads) {
    return threads > mostThreads ? tooMany(threads) : new Leeway.Shared();
  }

  private Leeway judged(long threads, long now) {
    if (threads > mostThreads) {
      return tooMany(threads);
    }
    return now - trafficAt < BELIEVED.toNanos() ? new Leeway.Shared() : new Leeway.Full();
  }

  private Leeway tooMany(long threads) {
    return new Leeway.None(
        "%d threads are running on the server, the limit is %d".formatted(threads, mostThreads));
  }

  private static long status(Session session, String name) {
    return session
        .first("SHOW GLOBAL STATUS LIKE '" + name + "'")
        .map(row -> row.longValue(2))
        .orElseThrow(() -> new IllegalStateException("the server has no status " + name));
  }
}
