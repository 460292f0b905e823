package dev.halcyon.proxy;

import static dev.halcyon.proxy.Later.later;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import java.net.InetAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A held client neither loses anything nor does anything. */
class HoldTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final int HOLDS = 25;

  /** While drained the server refuses every write, an open transaction's COMMIT as well. */
  @EngineTest
  void clientsNoticeNothingButAPause(Database database) throws Exception {
    database.execute("CREATE TABLE t (client INT, number INT, PRIMARY KEY (client, number))");
    var account = database.createUser("writer", "SELECT, INSERT ON {schema}.*");
    try (var proxied = new ProxiedDatabase(database, account);
        var writers = new HeldWriters(proxied, account)) {
      for (int i = 0; i < HOLDS; i++) {
        writers.awaitProgress();
        proxied.proxy.hold(LEASE);
        assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
        try {
          database.execute("SET GLOBAL read_only = ON");
          long rows = database.count("t");
          proxied.awaitParked(HeldWriters.WRITERS);
          assertThat(database.count("t")).isEqualTo(rows);
        } finally {
          database.execute("SET GLOBAL read_only = OFF");
          proxied.proxy.release();
        }
      }
      writers.stop();

      assertThat(writers.errors()).isEmpty();
      assertThat(database.count("t")).isEqualTo(writers.acknowledged());
    }
  }

  @EngineTest
  void openTransactionIsLetGoOn(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (1)");
      proxied.proxy.hold(LEASE);

      assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();
      var straggler = proxied.proxy.status().stragglers().getFirst();
      assertThat(straggler.boundary().hindrances()).containsExactly(Hindrance.TRANSACTION);
      assertThat(straggler.boundary().inTransaction()).isPositive();
      statement.execute("INSERT INTO t VALUES (2)");
      connection.commit();
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();

      var held = later(() -> statement.execute("INSERT INTO t VALUES (3)"));
      proxied.awaitParked(1);
      assertThat(database.count("t")).isEqualTo(2);
      assertThat(held.isDone()).isFalse();
      proxied.proxy.release();
      held.get(20, TimeUnit.SECONDS);
      connection.commit();
      assertThat(database.count("t")).isEqualTo(3);
    }
  }

  /** An error does not tell whether the transaction is still open; the proxy finds out. */
  @EngineTest
  void errorLeavesNoDoubt(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    try (var proxied = new ProxiedDatabase(database);
        var idle = proxied.connect("");
        var busy = proxied.connect("");
        var idleStatement = idle.createStatement();
        var busyStatement = busy.createStatement()) {
      busyStatement.execute("START TRANSACTION");
      busyStatement.execute("INSERT INTO t VALUES (2)");
      for (var statement : Set.of(idleStatement, busyStatement)) {
        assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (1)"))
            .isInstanceOf(SQLException.class);
      }
      proxied.proxy.hold(LEASE);

      proxied.awaitStraggler(Set.of(Hindrance.TRANSACTION));
      assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();
      busyStatement.execute("ROLLBACK");
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      proxied.proxy.release();
      idleStatement.execute("DO 1");
    }
  }

  @EngineTest
  void newSessionsWait(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database)) {
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      var comes = later(() -> proxied.connect("").close());
      proxied.awaitWaiting(1);
      assertThat(comes.isDone()).isFalse();
      assertThat(proxied.proxy.status().drained()).isTrue();

      proxied.proxy.release();

      comes.get(20, TimeUnit.SECONDS);
    }
  }

  /** Greeted at one server, it enters the one that clients are led to by then. */
  @EngineTest
  void newSessionIsLedToTheServerOfTheDay(Database database) throws Exception {
    var host = InetAddress.getLoopbackAddress();
    try (var relay = Relay.inFrontOf(database.server());
        var proxied =
            new ProxiedDatabase(
                database, host, relay.port(), TlsSettings.NONE, ProxiedDatabase.known(database));
        var client = new RawClient(proxied.proxy.address())) {
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      var login =
          later(
              () -> {
                byte[] answer =
                    client.login(
                        database.user(), database.password(), database.schema(), RawClient.PLAIN);
                assertThat(answer[0]).isZero();
              });
      proxied.awaitWaiting(1);
      assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
      while (relay.connections() > 0) { // the move has said goodbye
        Thread.sleep(5);
      }
      proxied.proxy.release();

      login.get(20, TimeUnit.SECONDS);
      assertThat(relay.connections()).isEqualTo(1);
      client.query("DO 1");
      assertThat(client.read()[0]).isZero();
      assertThat(proxied.proxy.status().sessions().getFirst().connectionId())
          .isEqualTo(client.greeting().connectionId());
    }
  }

  /** A client that goes, goes at once. */
  @EngineTest
  void clientMayGo(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database)) {
      try (var connection = proxied.connect("")) {
        assertThat(connection.isValid(5)).isTrue();
        proxied.proxy.hold(LEASE);
      }
      proxied.awaitSessions(0);
    }
  }

  @EngineTest
  void leaseEndsAsItsRuleSays(Database database) throws Exception {
    var asked = new CountDownLatch(3);
    BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      proxied.leaseEnd =
          () -> {
            asked.countDown();
            if (asked.getCount() == 2) {
              throw new IllegalStateException("No server answers");
            }
            return asked.getCount() > 0 ? Decision.KEEP_HOLDING : take(decisions);
          };
      proxied.proxy.hold(SHORT);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      var held = later(() -> statement.execute("DO 1"));
      proxied.awaitParked(1);
      assertThat(proxied.proxy.status().held()).isTrue();

      assertThatThrownBy(() -> proxied.proxy.renew(LEASE))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> proxied.proxy.hold(LEASE)).isInstanceOf(IllegalStateException.class);
      decisions.add(Decision.RELEASE);

      held.get(20, TimeUnit.SECONDS);
      assertThat(proxied.proxy.status().held()).isFalse();
      assertThatThrownBy(() -> proxied.proxy.renew(LEASE))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  /** As a controller does that has died and runs again. */
  @EngineTest
  void holdWhoseLeaseHasEndedIsTakenOver(Database database) throws Exception {
    var asked = new CountDownLatch(1);
    try (var proxied = new ProxiedDatabase(database)) {
      proxied.leaseEnd =
          () -> {
            asked.countDown();
            return Decision.KEEP_HOLDING;
          };
      proxied.proxy.hold(Duration.ofSeconds(1));
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      proxied.awaitTakenOver(LEASE);
      proxied.proxy.renew(LEASE);
    }
  }

  @EngineTest
  void renewedLeaseDoesNotEnd(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database)) {
      proxied.leaseEnd = () -> Decision.RELEASE;
      proxied.proxy.hold(Duration.ofMillis(300));
      proxied.proxy.renew(LEASE);
      assertThatThrownBy(() -> proxied.proxy.hold(LEASE)).isInstanceOf(IllegalStateException.class);
      proxied.proxy.release();
      proxied.proxy.release();
      assertThat(proxied.proxy.status().held()).isFalse();
    }
  }

  private static Decision take(BlockingQueue<Decision> decisions) {
    try {
      return decisions.take();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      return Decision.KEEP_HOLDING;
    }
  }
}
