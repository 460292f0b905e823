package dev.halcyon.proxy;

import dev.halcyon.proxy.Switchovers.Switchover;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What switchovers were like.
 *
 * @param moved sessions, once for each switchover
 * @param cut sessions that were closed instead
 */
public record SwitchingReport(
    int switchovers,
    long moved,
    int cut,
    Quantiles pause,
    Quantiles drained,
    Quantiles applied,
    Quantiles repointed,
    Quantiles waits) {

  /** Of durations. */
  public record Quantiles(Duration p50, Duration p99, Duration most) {
    static Quantiles of(List<Duration> durations) {
      var sorted = durations.stream().sorted().toList();
      return new Quantiles(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    private static Duration at(List<Duration> sorted, double share) {
      if (sorted.isEmpty()) {
        return Duration.ZERO;
      }
      return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.1f/%.1f/%.1f ms",
          p50.toNanos() / 1e6,
          p99.toNanos() / 1e6,
          most.toNanos() / 1e6);
    }
  }

  public static SwitchingReport of(List<Switchover> done, MixedClients clients) {
    return new SwitchingReport(
        done.size(),
        done.stream().mapToLong(one -> one.moves().sessions().size()).sum(),
        clients.cuts(),
        quantiles(done, Switchover::pause),
        quantiles(done, Switchover::drained),
        quantiles(done, Switchover::applied),
        quantiles(done, Switchover::repointed),
        Quantiles.of(clients.waits()));
  }

  private static Quantiles quantiles(List<Switchover> done, Function<Switchover, Duration> part) {
    return Quantiles.of(done.stream().map(part).toList());
  }

  @Override
  public String toString() {
    return ("%d switchovers, %d sessions moved, %d closed; p50/p99/most: held %s"
            + " (until drained %s, until applied %s, until moved %s), commands that waited %s")
        .formatted(switchovers, moved, cut, pause, drained, applied, repointed, waits);
  }
}
