package dev.halcyon.proxy;

import dev.halcyon.pair.SwitchReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
    Quantiles gathered,
    Quantiles drained,
    Quantiles applied,
    Quantiles repointed,
    Quantiles waits,
    Map<String, Quantiles> waitsByKind) {

  /** Of durations. */
  public record Quantiles(int number, Duration p50, Duration p99, Duration most) {
    static Quantiles of(List<Duration> durations) {
      var sorted = durations.stream().sorted().toList();
      return new Quantiles(sorted.size(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
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
          "%.1f/%.1f/%.1f ms of %d",
          p50.toNanos() / 1e6,
          p99.toNanos() / 1e6,
          most.toNanos() / 1e6,
          number);
    }
  }

  public static SwitchingReport of(List<SwitchReport> done, MixedClients clients) {
    return new SwitchingReport(
        done.size(),
        done.stream().mapToLong(one -> one.moves().sessions().size()).sum(),
        clients.cuts(),
        quantiles(done, SwitchReport::pause),
        quantiles(done, SwitchReport::gathered),
        quantiles(done, SwitchReport::drained),
        quantiles(done, SwitchReport::applied),
        quantiles(done, SwitchReport::repointed),
        ofAll(done.size(), clients),
        byKind(clients));
  }

  /** Zero for each client that had no command waiting at the end of a hold. */
  private static Quantiles ofAll(int switchovers, MixedClients clients) {
    var waits = new ArrayList<Duration>();
    clients.waits().values().forEach(waits::addAll);
    while (waits.size() < switchovers * MixedClients.CLIENTS) {
      waits.add(Duration.ZERO);
    }
    return Quantiles.of(waits);
  }

  private static Map<String, Quantiles> byKind(MixedClients clients) {
    var all = new TreeMap<String, Quantiles>();
    clients.waits().forEach((kind, waits) -> all.put(kind.name(), Quantiles.of(waits)));
    return all;
  }

  private static Quantiles quantiles(
      List<SwitchReport> done, Function<SwitchReport, Duration> part) {
    return Quantiles.of(done.stream().map(part).toList());
  }

  @Override
  public String toString() {
    return ("%d switchovers, %d sessions moved, %d closed; p50/p99/most:%n"
            + "  who begins a transaction is held alone for %s%n"
            + "  then all for %s (until drained %s, applied %s, moved %s)%n"
            + "  each client waited %s%n  those with a command, by kind, %s")
        .formatted(
            switchovers,
            moved,
            cut,
            gathered,
            pause,
            drained,
            applied,
            repointed,
            waits,
            waitsByKind);
  }
}
