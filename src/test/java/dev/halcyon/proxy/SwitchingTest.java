package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.proxy.Switchovers.Switchover;
import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Move;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Many clients work through the proxy while it leads them from one server to the other and back,
 * every two seconds. {@code halcyon.test.seconds} says for how long.
 */
class SwitchingTest {
  private static final int SECONDS = 20;
  private static final int MANY_SECONDS = 300;
  private static final Duration EVERY = Duration.ofSeconds(2);

  @EngineTest
  void clientsGoOnAsIfNothingHadHappened(Engine engine) throws Exception {
    switchOver(engine, Integer.getInteger("halcyon.test.seconds", SECONDS));
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void clientsGoOnForMinutes(Engine engine) throws Exception {
    switchOver(engine, Integer.getInteger("halcyon.test.seconds", MANY_SECONDS));
  }

  private static void switchOver(Engine engine, int seconds) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    try (var pair = ServerPair.start(engine, Options.defaults().tls(false))) {
      Ledger.create(pair);
      try (var proxied = ProxiedPair.start(pair)) {
        var switchovers = new Switchovers(proxied.proxy(), pair);
        var done = new ArrayList<Switchover>();
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
        System.err.println(
            "HALCYON: "
                + engine.label()
                + ": "
                + SwitchingReport.of(done, clients)
                + ", seed "
                + seed);
        assertThat(clients.errors()).as("seed %d", seed).isEmpty();
        pair.fence(switchovers.active());
        pair.awaitApplied(ServerPair.other(switchovers.active()), Duration.ofSeconds(30));
        Ledger.verify(pair, clients.acknowledged(), clients.counted());
        assertKept(done, clients.cuts());
      }
    }
  }

  /** Of all sessions at all switchovers. */
  private static void assertKept(List<Switchover> done, int cuts) {
    var moves = done.stream().flatMap(one -> one.moves().sessions().stream()).toList();
    assertThat(moves).extracting(Move::fate).containsOnly(Fate.MOVED);
    assertThat(cuts).isPositive().isLessThanOrEqualTo(moves.size() / 100);
  }
}
