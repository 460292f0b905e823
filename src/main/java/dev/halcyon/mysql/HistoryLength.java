package dev.halcyon.mysql;

import dev.halcyon.progress.Figures;
import java.time.Duration;

/**
 * Gives way when the server does not come to clean up behind its writers: old versions of rows that
 * are kept for open transactions make every read slower. An account that may not see the length
 * (PROCESS) does without. Thread-safe.
 */
public final class HistoryLength implements Throttle {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final long most;
  private long lookedAt;
  private boolean looked;
  private boolean denied;
  private Leeway latest = new Leeway.Full();

  /**
   * @param most the longest history list that is no reason to wait
   */
  public HistoryLength(long most) {
    this.most = most;
  }

  @Override
  public synchronized Leeway leeway(Session session) {
    var now = System.nanoTime();
    if (denied || (looked && now - lookedAt < LOOK_EVERY.toNanos())) {
      return latest;
    }
    latest = look(session);
    lookedAt = now;
    looked = true;
    return latest;
  }

  private Leeway look(Session session) {
    try {
      var length =
          session.first(
              "SELECT count AS length FROM information_schema.innodb_metrics"
                  + " WHERE name = 'trx_rseg_history_len'");
      return length.map(row -> judged(row.longValue("length"))).orElseGet(this::unknown);
    } catch (Fault.Refused refused) {
      denied = !looked;
      return unknown();
    }
  }

  /** A signal that was there and has gone quiet counts as the worst. */
  private Leeway unknown() {
    return looked
        ? new Leeway.None("the server no longer tells the length of its history list")
        : new Leeway.Full();
  }

  private Leeway judged(long length) {
    return length > most
        ? new Leeway.None(
            "the server has %s old row versions to clean up, the limit is %s; an open transaction may"
                    .formatted(Figures.count(length), Figures.count(most))
                + " hold them")
        : new Leeway.Full();
  }
}
