package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.pair.SwitchReport;
import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Move;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Many clients work through the proxy while it leads them from one server of a pair to the other
 * and back, every two seconds. No client sees an error, nothing acknowledged is lost or there
 * twice, and of a hundred sessions one may be closed, if it was named before.
 */
public final class SwitchingRun {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private SwitchingRun() {}

  /** Ends in an assertion error, with the seed, if anything is not as it should be. */
  public static SwitchingReport of(Engine engine, int seconds) throws InterruptedException {
    long seed = ThreadLocalRandom.current().nextLong();
    try (var pair = ServerPair.start(engine, Options.defaults().tls(false))) {
      Ledger.create(pair);
      try (var proxied = ProxiedPair.start(pair)) {
        var switchovers = new Switchovers(proxied.proxy(), pair);
        var done = new ArrayList<SwitchReport>();
        var clients = MixedClients.start(proxied::open, switchovers, seed);
        try (clients) {
          long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
          while (System.nanoTime() < end && clients.errors().isEmpty()) {
            long next = System.nanoTime() + EVERY.toNanos();
            done.add(switchovers.next());
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
          }
          clients.stop();
        } catch (AssertionError failure) {
          clients.errors().forEach(failure::addSuppressed);
          throw failure;
        }
        assertThat(clients.errors()).as("seed %d", seed).isEmpty();
        pair.fence(switchovers.active());
        pair.awaitApplied(ServerPair.other(switchovers.active()), PATIENCE);
        Ledger.verify(pair, clients.acknowledged(), clients.counted());
        assertKept(done, clients.cuts());
        return SwitchingReport.of(done, clients);
      }
    }
  }

  /** Of all sessions at all switchovers. */
  private static void assertKept(List<SwitchReport> done, int cuts) {
    var moves = done.stream().flatMap(one -> one.moves().sessions().stream()).toList();
    assertThat(moves).extracting(Move::fate).containsOnly(Fate.MOVED);
    assertThat(cuts).isLessThanOrEqualTo(moves.size() / 100);
  }
}
