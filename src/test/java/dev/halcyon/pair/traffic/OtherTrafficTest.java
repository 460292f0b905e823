package dev.halcyon.pair.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.HaProxyServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.pair.FenceWatch;
import dev.halcyon.pair.PairSettings;
import dev.halcyon.pair.Switchover;
import dev.halcyon.progress.Events;
import dev.halcyon.proxy.Ledger;
import dev.halcyon.proxy.ObservedTraffic;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.HaProxies;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Timeout;

/** Real HAProxy, in TCP mode, and commands; each session fails at most once in a switchover. */
class OtherTrafficTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @EngineTest
  @Timeout(180)
  void haProxyLeadsClientsThereAndBack(Engine engine) throws Exception {
    try (var servers = ServerPair.start(engine, Options.defaults().tls(false))) {
      Ledger.create(servers);
      Returners.createAccount(servers);
      servers.awaitApplied("b", PATIENCE);
      try (var balancer =
              HaProxies.startTcp(
                  "a 127.0.0.1:" + servers.server("a").port(),
                  "b 127.0.0.1:" + servers.server("b").port() + " disabled");
          var clients = Returners.start(balancer.port());
          var watch = FenceWatch.start(servers)) {
        nobodyIsEndedUnlessThatIsAllowed(servers, balancer, clients);
        goesThereAndBack(servers, balancer, clients);
        isUndone(servers, balancer, clients);
        assertThat(clients.refusals()).isEmpty();
        nextControllerFindsTheHold(servers, balancer, clients);
        clients.stop();
        // Nobody holds for a controller that is gone: whoever got in found a fence.
        assertThat(clients.refusals()).allMatch(error -> error.startsWith("1290 "));
        assertThat(watch.violations()).isEmpty();
        silentSocketIsNamed(servers, balancer);
        var active = active(servers);
        servers.fence(active);
        servers.awaitApplied(ServerPair.other(active), PATIENCE);
        Ledger.verify(servers, clients.acknowledged(), Map.of());
      }
    }
  }

  private static void nobodyIsEndedUnlessThatIsAllowed(
      ServerPair servers, HaProxyServer balancer, Returners clients) {
    assertRefused(
        ErrorCode.NOT_MOVED, () -> run(servers, balancer, settings(Immovable.GIVE_UP), _ -> {}));
    assertThat(clients.losses()).containsOnly(0);
  }

  private static void goesThereAndBack(
      ServerPair servers, HaProxyServer balancer, Returners clients) throws Exception {
    for (int switched = 1; switched <= 2; switched++) {
      var target = ServerPair.other(active(servers));
      run(servers, balancer, settings(Immovable.CLOSE), _ -> {});

      requireLed(servers, balancer, target);
      clients.awaitProgress();
      assertThat(clients.losses()).allMatch(lost -> lost <= 2);
    }
    assertThat(clients.losses()).containsOnly(2);
  }

  /** Before the point of no return. */
  private static void isUndone(ServerPair servers, HaProxyServer balancer, Returners clients)
      throws Exception {
    var active = active(servers);
    var passive = ServerPair.other(active);
    assertThatThrownBy(
            () ->
                run(
                    servers,
                    balancer,
                    settings(Immovable.CLOSE),
                    count -> {
                      // The first two writes are those before anybody is held.
                      if (count == 4) {
                        stopApplier(servers, passive);
                      }
                    }))
        .isInstanceOf(Refusal.class);
    requireLed(servers, balancer, active);
    startApplier(servers, passive);
    clients.awaitProgress();
  }

  private static void stopApplier(ServerPair servers, String name) {
    servers.execute(
        name,
        servers.server(name).engine() == Engine.MYSQL
            ? "STOP REPLICA SQL_THREAD"
            : "STOP SLAVE SQL_THREAD");
  }

  private static void startApplier(ServerPair servers, String name) {
    servers.execute(
        name,
        servers.server(name).engine() == Engine.MYSQL
            ? "START REPLICA SQL_THREAD"
            : "START SLAVE SQL_THREAD");
  }

  /** Of a controller that died, first before its point of no return, then past it. */
  private static void nextControllerFindsTheHold(
      ServerPair servers, HaProxyServer balancer, Returners clients) throws Exception {
    var target = ServerPair.other(active(servers));
    assertThatThrownBy(() -> diesHolding(servers, balancer)).isInstanceOf(Death.class);
    try (var traffic = traffic(servers, balancer)) {
      assertThat(traffic.status().held()).isTrue();
      assertThat(switchover(servers, traffic, settings(Immovable.CLOSE), _ -> {}).settle())
          .hasValueSatisfying(words -> assertThat(words).contains("was undone"));
    }
    requireLed(servers, balancer, ServerPair.other(target));
    clients.awaitProgress();
    assertThat(clients.refusals()).isEmpty();

    assertThatThrownBy(
            () ->
                run(
                    servers,
                    balancer,
                    settings(Immovable.CLOSE),
                    count -> {
                      if (count == 5) {
                        throw new Death();
                      }
                    }))
        .isInstanceOf(Death.class);

    run(servers, balancer, settings(Immovable.CLOSE), _ -> {});

    requireLed(servers, balancer, target);
    clients.awaitProgress();
  }

  private static void diesHolding(ServerPair servers, HaProxyServer balancer)
      throws InterruptedException {
    try (var traffic = traffic(servers, balancer)) {
      var observed =
          new ObservedTraffic(
              traffic,
              Runnable::run,
              () -> {
                throw new Death();
              },
              () -> {});
      var _ = switchover(servers, observed, settings(Immovable.CLOSE), _ -> {}).next();
    }
  }

  private static void silentSocketIsNamed(ServerPair servers, HaProxyServer balancer) {
    balancer.kill();
    assertRefused(
        ErrorCode.TRAFFIC_SILENT, () -> run(servers, balancer, settings(Immovable.CLOSE), _ -> {}));
  }

  private static void run(
      ServerPair servers, HaProxyServer balancer, PairSettings settings, IntConsumer writes)
      throws InterruptedException {
    try (var traffic = traffic(servers, balancer)) {
      var _ = switchover(servers, traffic, settings, writes).next();
    }
  }

  private static Switchover switchover(
      ServerPair servers, Traffic traffic, PairSettings settings, IntConsumer writes) {
    return new Switchover(servers.pair(Ledger.SCHEMA), traffic, settings, Events.NONE, writes);
  }

  private static HaProxyTraffic traffic(ServerPair servers, HaProxyServer balancer) {
    return new HaProxyTraffic(
        new HaProxyAccess(
            balancer.socket().toString(),
            HaProxyServer.BACKEND,
            servers.member("entrance", balancer.port(), Ledger.SCHEMA)),
        servers.pair(Ledger.SCHEMA));
  }

  private static void requireLed(ServerPair servers, HaProxyServer balancer, String name) {
    assertThat(active(servers)).isEqualTo(name);
    try (var traffic = traffic(servers, balancer)) {
      assertThat(traffic.status().server()).isEqualTo(name);
      assertThat(traffic.status().held()).isFalse();
    }
  }

  private static String active(ServerPair servers) {
    return "1".equals(servers.value("a", "SELECT CAST(@@GLOBAL.read_only AS CHAR) IN ('0', 'OFF')"))
        ? "a"
        : "b";
  }

  private static PairSettings settings(Immovable policy) {
    return new PairSettings(
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        policy,
        Duration.ofMinutes(1));
  }

  private static void assertRefused(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.findings().getFirst().code()).isEqualTo(code.code()));
  }

  /** Nobody catches it, as nobody survives a kill. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }
}
