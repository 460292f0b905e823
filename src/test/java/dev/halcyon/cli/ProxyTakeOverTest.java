package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** A proxy is replaced by another process while clients come and work; none of them notices. */
class ProxyTakeOverTest {
  @TempDir private Path folder;

  @EngineTest
  void newProcessTakesOverAndTheOldOneEndsWithItsLastSession(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder, "grace = '10s'");
    var shell = new Shell(folder, Map.of());
    try (var first = RunningProxy.start(folder);
        var clients = new ProxyClients(ports, database)) {
      clients.awaitProgress();
      try (var second = RunningProxy.start(folder, "--take-over")) {
        clients.awaitProgress();
        assertThat(first.isAlive()).isTrue();
        assertThat(shell.run("halcyon proxy status --json").out())
            .contains("\"process\":" + second.processId(), "\"joined\":true");

        holdsAll(shell, database, clients);
        try (var third = RunningProxy.start(folder, "--take-over")) {
          holdsAll(shell, database, clients);
          clients.stopStayers();
          assertThat(first.awaitEnd()).as(first.text()).isZero();
          assertThat(second.awaitEnd()).as(second.text()).isZero();
          assertThat(shell.run("halcyon proxy status --json").out())
              .contains("\"process\":" + third.processId(), "\"joined\":false");
          clients.stop();
          assertThat(clients.errors()).isEmpty();
          assertThat(database.count("t")).isEqualTo(clients.acknowledged());
          var _ = shell.run("halcyon proxy stop");
          assertThat(third.awaitEnd()).as(third.text()).isZero();
        }
      }
    }
  }

  /** Sessions of the old processes as well. */
  private static void holdsAll(Shell shell, Database database, ProxyClients clients)
      throws InterruptedException {
    clients.awaitProgress();
    var held = shell.run("halcyon proxy hold");
    assertThat(held.status()).as(held.err()).isZero();
    long rows = database.count("t");
    var status = shell.run("halcyon proxy status");
    assertThat(status.out()).contains("drained");
    assertThat(database.count("t")).isEqualTo(rows);
    assertThat(shell.run("halcyon proxy repoint b --policy close-idle").status()).isZero();
    assertThat(shell.run("halcyon proxy repoint a --policy close-idle").status()).isZero();
    assertThat(shell.run("halcyon proxy release").status()).isZero();
    clients.awaitProgress();
  }

  /** A hold that missed the sessions of the old process would be wrong. */
  @EngineTest(Engine.MARIADB) // a matter of processes, not of servers
  void nothingIsHeldWithoutTheOldProcess(Database database) throws Exception {
    // What the frozen process was asked it may do late; that hold then ends by its own lease.
    var ports = RunningProxy.settle(database, folder, "grace = '10s'", "lease = '3s'");
    RunningProxy.withoutServerB(folder);
    var shell = new Shell(folder, Map.of());
    try (var first = RunningProxy.start(folder);
        var connection = ports.connect(database);
        var statement = connection.createStatement();
        var _ = RunningProxy.start(folder, "--take-over")) {
      signal("STOP", first);
      var refused = shell.run("halcyon proxy hold");
      assertThat(refused.status()).as(refused.out()).isEqualTo(2);
      signal("CONT", first);
      assertThat(shell.run("halcyon proxy release").status()).isZero();
      statement.execute("DO 1");
      assertThat(shell.run("halcyon proxy hold").status()).isZero();
      assertThat(shell.run("halcyon proxy release").status()).isZero();
      statement.execute("DO 1");
    }
  }

  /** No controller would reach it: a switchover would pass over its sessions. */
  @EngineTest(Engine.MYSQL) // a matter of processes, not of servers
  void oldProcessDoesNotOutliveTheNewOne(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder, "grace = '10s'", "lease = '3s'");
    RunningProxy.withoutServerB(folder);
    var shell = new Shell(folder, Map.of());
    try (var first = RunningProxy.start(folder);
        var connection = ports.connect(database);
        var statement = connection.createStatement();
        var second = RunningProxy.start(folder, "--take-over")) {
      var held = shell.run("halcyon proxy hold");
      assertThat(held.status()).as(held.err()).isZero();
      var waits = new FutureTask<>(() -> statement.execute("DO 1"));
      Thread.ofVirtual().start(waits);
      while (!shell.run("halcyon proxy status --json").out().contains("\"parked\":true")) {
        assertThat(waits.isDone()).isFalse();
      }
      signal("KILL", second);

      assertThat(waits).succeedsWithin(60, TimeUnit.SECONDS);
      assertThat(first.awaitEnd()).as(first.text()).isZero();
      assertThat(first.text()).contains("Clients go on at a", "no session was at work");
      assertThatThrownBy(() -> statement.execute("DO 1"))
          .isInstanceOfSatisfying(
              SQLException.class, gone -> assertThat(gone.getSQLState()).startsWith("08"));
    }
  }

  @EngineTest(Engine.MARIADB) // a matter of processes, not of servers
  void withNothingToTakeOverItJustStarts(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder, "--take-over");
        var connection = ports.connect(database)) {
      assertThat(connection.isValid(5)).isTrue();
      assertThat(shell.run("halcyon proxy hold").status()).isZero();
      var refused = shell.run("halcyon proxy run --take-over");
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err()).contains("HAL-709", "Clients are held");
      assertThat(shell.run("halcyon proxy release").status()).isZero();
      assertThat(shell.run("halcyon proxy run").err()).contains("HAL-703", "--take-over");
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  static void signal(String name, RunningProxy proxy) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, "" + proxy.processId()).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }
}
