package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The proxy is killed or frozen in the middle of a hold. */
class ProxyFaultTest {
  private static final int STAYERS = 4;

  @TempDir private Path folder;

  /** A command that waits was never sent; one that was acknowledged is there, once. */
  @EngineTest
  void killedInAHoldItLosesNothingThatWasAcknowledged(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder, "grace = '10s'", "lease = '1m'");
    var shell = new Shell(folder, Map.of());
    try (var first = RunningProxy.start(folder);
        var clients = new ProxyClients(ports, database)) {
      clients.awaitProgress();
      var held = shell.run("halcyon proxy hold");
      assertThat(held.status()).as(held.err()).isZero();
      ProxyTakeOverTest.signal("KILL", first);
      clients.stopStayers();
      clients.stopComers();

      assertThat(clients.stayersErrors()).hasSize(STAYERS);
      assertThat(clients.errors())
          .allSatisfy(error -> assertThat(error.getSQLState()).startsWith("08"));
      assertThat(database.count("t")).isEqualTo(clients.acknowledged());
      try (var _ = RunningProxy.start(folder);
          var again = ports.connect(database);
          var statement = again.createStatement()) {
        statement.execute("INSERT INTO t VALUES ()");
      }
      assertThat(database.count("t")).isEqualTo(clients.acknowledged() + 1);
    }
  }

  /** A command whose answer was lost was executed once, or not at all. */
  @EngineTest
  void killedUnderLoadItRepeatsNothing(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    try (var proxy = RunningProxy.start(folder);
        var clients = new ProxyClients(ports, database)) {
      clients.awaitProgress();
      ProxyTakeOverTest.signal("KILL", proxy);
      clients.awaitStayersEnd();
      clients.stop();

      assertThat(clients.stayersErrors()).hasSize(STAYERS);
      assertThat(clients.errors())
          .allSatisfy(error -> assertThat(error.getSQLState()).startsWith("08"));
      assertThat(database.count("t"))
          .isBetween(clients.acknowledged(), clients.acknowledged() + 2 * STAYERS);
    }
  }

  @EngineTest
  void frozenUnderLoadItOnlyKeepsClientsWaiting(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    try (var proxy = RunningProxy.start(folder);
        var clients = new ProxyClients(ports, database)) {
      clients.awaitProgress();
      ProxyTakeOverTest.signal("STOP", proxy);
      var silent = new Shell(folder, Map.of()).run("halcyon proxy status");
      assertThat(silent.err()).contains("HAL-701", "no answer");
      ProxyTakeOverTest.signal("CONT", proxy);
      clients.awaitProgress();
      clients.stop();

      assertThat(clients.errors()).isEmpty();
      assertThat(database.count("t")).isEqualTo(clients.acknowledged());
    }
  }

  /** It wakes up after its lease, looks at the servers, and lets all go on. */
  @EngineTest
  void frozenInAHoldItLetsGoAfterwards(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder, "grace = '10s'", "lease = '2s'");
    RunningProxy.withoutServerB(folder);
    var shell = new Shell(folder, Map.of());
    try (var proxy = RunningProxy.start(folder);
        var clients = new ProxyClients(ports, database)) {
      clients.awaitProgress();
      var held = shell.run("halcyon proxy hold");
      assertThat(held.status()).as(held.err()).isZero();
      ProxyTakeOverTest.signal("STOP", proxy);
      // Does not answer within its 5 s, and so not before the end of the lease either.
      var silent = shell.run("halcyon proxy status");
      assertThat(silent.status()).isEqualTo(2);
      assertThat(silent.err()).contains("HAL-701", "no answer");
      long rows = database.count("t");
      ProxyTakeOverTest.signal("CONT", proxy);

      clients.awaitProgress();
      clients.stop();
      assertThat(clients.errors()).isEmpty();
      assertThat(database.count("t")).isEqualTo(clients.acknowledged()).isGreaterThan(rows);
      assertThat(proxy.text()).contains("Clients go on at a");
    }
  }

  /** Nobody can look at the servers any more, so nobody knows which is right. */
  @EngineTest
  void whoHasWaitedTooLongIsToldOnce(Database database) throws Exception {
    var watcher = database.createUser("watcher", "SELECT ON {schema}.*");
    Files.writeString(folder.resolve("watcher"), watcher.password() + "\n");
    var ports =
        RunningProxy.settle(
            database,
            folder,
            "grace = '10s'",
            "lease = '3s'",
            "longest-hold = '1s'",
            "monitor = '" + watcher.user() + "'");
    Files.writeString(
        folder.resolve("halcyon.toml"),
        watcher.user() + " = 'watcher'\n",
        StandardOpenOption.APPEND);
    var shell = new Shell(folder, Map.of());
    try (var proxy = RunningProxy.start(folder);
        var clients = new ProxyClients(ports, database)) {
      clients.awaitProgress();
      database.execute("ALTER USER " + watcher.user() + " ACCOUNT LOCK");
      var held = shell.run("halcyon proxy hold");
      assertThat(held.status()).as(held.err()).isZero();
      clients.awaitStayersEnd();
      clients.stopComers();

      assertThat(clients.errors())
          .extracting(SQLException::getMessage)
          .allSatisfy(words -> assertThat(words).contains("nothing was sent"));
      assertThat(clients.stayersErrors()).hasSize(STAYERS);
      assertThat(database.count("t")).isEqualTo(clients.acknowledged());
      assertThat(proxy.text()).contains("no server is known to be writable");
      assertThat(shell.run("halcyon proxy status").out())
          .contains("still held, because no server is known to be writable; cannot look at a");
      assertThat(shell.run("halcyon proxy release").status()).isZero();
      ports.connect(database).close();
    }
  }
}
