package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.RemoteTraffic;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** The port is the same in the proxy's own process and from another one. */
class TrafficContractTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir private Path folder;

  private interface Case {
    void check(ProxiedDatabase proxied, Traffic traffic) throws Exception;
  }

  /** The same case in both ways, each with a proxy of its own. */
  private void both(Database database, Case test) throws Exception {
    try (var proxied = new ProxiedDatabase(database)) {
      test.check(proxied, proxied.proxy);
    }
    try (var proxied = new ProxiedDatabase(database);
        var control = new Controlled(proxied.proxy, folder.resolve("token"));
        var client = new ControlClient(control.address(), control.token())) {
      test.check(proxied, new RemoteTraffic(client));
    }
  }

  @EngineTest
  void heldAndReleased(Database database) throws Exception {
    both(
        database,
        (proxied, traffic) -> {
          try (var connection = proxied.connect("");
              var statement = connection.createStatement()) {
            assertThat(traffic.status().held()).isFalse();
            assertThat(traffic.status().heldFor()).isZero();
            assertThat(traffic.awaitDrained(SHORT)).isFalse();
            traffic.release();
            assertThatThrownBy(() -> traffic.renew(LEASE))
                .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> traffic.closeStragglers(SHORT))
                .isInstanceOf(IllegalStateException.class);

            traffic.hold(LEASE);
            assertThat(traffic.awaitDrained(PATIENCE)).isTrue();
            assertThat(traffic.status().drained()).isTrue();
            assertThat(traffic.status().heldFor()).isPositive();
            assertThatThrownBy(() -> traffic.hold(LEASE)).isInstanceOf(IllegalStateException.class);
            traffic.renew(LEASE);
            traffic.release();
            assertThat(traffic.status().held()).isFalse();
            statement.execute("DO 1");
          }
        });
  }

  @EngineTest
  void statusNamesWhatHinders(Database database) throws Exception {
    both(
        database,
        (proxied, traffic) -> {
          try (var connection = proxied.connect("");
              var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("DO 1");
            statement.executeQuery("SELECT GET_LOCK('" + database.schema() + "', 1)").close();
            statement.execute("CREATE TEMPORARY TABLE mine (id INT)");
            traffic.hold(LEASE);

            assertThat(traffic.awaitDrained(SHORT)).isFalse();
            var direct = proxied.proxy.status();
            var told = traffic.status();
            assertThat(told.server()).isEqualTo("a");
            assertThat(told.entering()).isEqualTo(direct.entering());
            assertThat(told.waiting()).isEqualTo(direct.waiting());
            var session = told.stragglers().getFirst();
            var own = direct.stragglers().getFirst();
            assertThat(session.boundary().hindrances())
                .isEqualTo(own.boundary().hindrances())
                .contains(Hindrance.USER_LOCK, Hindrance.TEMPORARY_TABLE);
            assertThat(session.connectionId()).isEqualTo(own.connectionId());
            assertThat(session.client()).isEqualTo(own.client());
            assertThat(session.user()).isEqualTo(database.user());
            assertThat(session.schema()).isEqualTo(database.schema());
            assertThat(session.server()).isEqualTo("a");
            assertThat(session.parked()).isFalse();

            assertThat(traffic.closeStragglers(PATIENCE)).isTrue();
            assertThat(traffic.status().sessions()).isEmpty();
          }
        });
  }

  @EngineTest
  void serverIsChangedOnlyByWhoHolds(Database database) throws Exception {
    both(
        database,
        (proxied, traffic) -> {
          assertThatThrownBy(() -> traffic.repoint("a", Immovable.GIVE_UP, PATIENCE))
              .isInstanceOf(IllegalStateException.class);
          traffic.hold(LEASE);
          assertThat(traffic.awaitDrained(PATIENCE)).isTrue();
          assertThatThrownBy(() -> traffic.repoint("nowhere", Immovable.GIVE_UP, PATIENCE))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> traffic.prepare("nowhere", PATIENCE))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(traffic.repoint("a", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
          assertThat(traffic.status().server()).isEqualTo("a");
          traffic.forget();
          traffic.release();
        });
  }

  @EngineTest
  void leaseThatEndsTakesTheSayAway(Database database) throws Exception {
    both(
        database,
        (proxied, traffic) -> {
          var asked = new CountDownLatch(1);
          var answer = new CountDownLatch(1);
          proxied.leaseEnd =
              () -> {
                asked.countDown();
                awaitLatch(answer);
                return Decision.RELEASE;
              };
          traffic.hold(SHORT);
          awaitLatch(asked);
          assertThat(traffic.status().leaseOver()).isTrue();
          assertThatThrownBy(() -> traffic.renew(LEASE)).isInstanceOf(IllegalStateException.class);
          answer.countDown();
          proxied.awaitReleased();
        });
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interruption);
    }
  }
}
