package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.house.Documents;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy as a process, and the commands that speak to it. */
class ProxyCommandsTest {
  @TempDir private Path folder;

  @EngineTest
  void thePageHoldsWhatItShows(Database database) throws Exception {
    actOut(Path.of("docs/commands/proxy.md"), database);
  }

  @EngineTest(Engine.MYSQL) // a matter of processes, not of servers
  void theGuideHoldsWhatItShows(Database database) throws Exception {
    actOut(Path.of("docs/proxy-in-between.md"), database);
  }

  /** From top to bottom; one client stays connected all the while. */
  private void actOut(Path page, Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var shell = new Shell(folder, Map.of());
    Iterator<Documents.Command> commands = Documents.commands(page).iterator();
    var newer = new ArrayList<RunningProxy>();
    assertThat(commands.next().text()).isEqualTo("halcyon proxy run");
    try (var proxy = RunningProxy.start(folder);
        var connection = ports.connect(database);
        var statement = connection.createStatement()) {
      statement.execute("DO 1");
      while (commands.hasNext()) {
        var command = commands.next();
        if (command.text().endsWith("--take-over")) {
          newer.add(RunningProxy.start(folder, "--take-over"));
          continue;
        }
        var result = shell.run(command.text());
        assertThat(result.status()).as("%s%n%s", command, result.err()).isZero();
        DocumentedCommandsTest.assertOutput(command, result);
      }
      for (var ended : List.of(proxy, newer.getFirst())) {
        assertThat(ended.awaitEnd()).as(ended.text()).isZero();
        assertThat(ended.text()).contains("no session was at work");
      }
    } finally {
      newer.forEach(RunningProxy::close);
    }
  }

  @EngineTest
  void stragglersAreNamedAndAllGoOn(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder);
        var connection = ports.connect(database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      statement.execute("START TRANSACTION");
      statement.execute("INSERT INTO t VALUES (1)");

      var given = shell.run("halcyon proxy hold --grace 50ms");
      assertThat(given.status()).as(given.out()).isEqualTo(1);
      assertThat(given.err()).contains("HAL-707", "a transaction is open", database.user());
      statement.execute("DO 1");

      assertThat(shell.run("halcyon proxy repoint b").err()).contains("HAL-706");
      assertThat(shell.run("halcyon proxy hold --grace 50ms --policy close-idle").status())
          .isZero();
      assertThat(shell.run("halcyon proxy hold").err()).contains("HAL-706", "held already");
      var unknown = shell.run("halcyon proxy repoint c");
      assertThat(unknown.status()).isEqualTo(64);
      assertThat(unknown.err()).contains("HAL-705");
      assertThat(shell.run("halcyon proxy release --json").out()).contains("\"released\":true");
      assertThat(shell.run("halcyon proxy status --json").lastLine())
          .contains("\"command\":\"proxy status\"", "\"held\":false", "\"sessions\":[]");
    }
  }

  /** SIGTERM: who is at work may end it, and nobody else comes in. */
  @EngineTest(Engine.MARIADB) // a matter of processes, not of servers
  void endsWhenNobodyIsAtWork(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    var ports = RunningProxy.settle(database, folder);
    try (var proxy = RunningProxy.start(folder);
        var connection = ports.connect(database);
        var statement = connection.createStatement()) {
      statement.execute("START TRANSACTION");
      statement.execute("INSERT INTO t VALUES (1)");
      proxy.terminate();
      proxy.awaitPrinted("lets nobody in any more");
      statement.execute("INSERT INTO t VALUES (2)");
      assertThat(proxy.isAlive()).isTrue();
      statement.execute("COMMIT");

      assertThat(proxy.awaitEnd()).as(proxy.text()).isZero();
      assertThat(database.count("t")).isEqualTo(2);
    }
  }

  @EngineTest(Engine.MYSQL) // a matter of processes, not of servers
  void endsInTimeAndNamesWhoIsCutOff(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder, "drain = '200ms'");
    try (var proxy = RunningProxy.start(folder);
        var connection = ports.connect(database);
        var statement = connection.createStatement()) {
      statement.execute("START TRANSACTION");
      var sleeps = new FutureTask<>(() -> statement.execute("SELECT SLEEP(2)"));
      Thread.ofVirtual().start(sleeps);
      var _ = new Shell(folder, Map.of()).run("halcyon proxy stop");

      assertThat(proxy.awaitEnd()).as(proxy.text()).isEqualTo(1);
      assertThat(proxy.text()).contains("HAL-710", "a command is under way");
      assertThat(sleeps).failsWithin(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void everyProblemOfTheSettingsIsReportedAtOnce() throws IOException {
    Files.writeString(
        folder.resolve("halcyon.toml"),
        """
        [proxy]
        listen = "nowhere"
        control = "0.0.0.0:6307"
        first = "c"
        monitor = "who"
        drain = "soon"
        learn = "maybe"
        server-tls = "verify"
        tls-cert = "none.pem"
        lisen = "x"
        [proxy.servers]
        a = "127.0.0.1:3306"
        b = "no.such.host.invalid:3306"
        [proxy.accounts]
        shop = "missing"
        """);
    var result = new Shell(folder, Map.of()).run("halcyon proxy run --policy perhaps");

    assertThat(result.status()).isEqualTo(78);
    assertThat(result.err())
        .contains(
            "unknown key proxy.lisen; did you mean proxy.listen?",
            "proxy.listen: \"nowhere\" is not host:port",
            "proxy.control",
            "is not of this host alone",
            "proxy.first: \"c\" is none of a, b",
            "proxy.monitor: \"who\" is none of",
            "proxy.drain: \"soon\" is not a time",
            "proxy.learn: \"maybe\" is not yes or no",
            "proxy.server-tls: \"verify\" is not off, prefer, or verify with a proxy.tls-ca",
            "none.pem cannot be read",
            "belong together",
            "no address is known for no.such.host.invalid",
            "shop",
            "cannot be read");
  }

  @Test
  void withoutProxyOrTokenTheCommandsSaySo() throws IOException {
    var shell =
        new Shell(
            folder,
            Map.of("HALCYON_PROXY_CONTROL", "127.0.0.1:" + RunningProxy.Ports.free().control()));

    assertThat(shell.run("halcyon proxy status").err()).contains("HAL-702", "no token file");
    var token = Files.writeString(folder.resolve("halcyon-proxy.token"), "0".repeat(64));
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(shell.run("halcyon proxy status").err()).contains("HAL-702", "Everybody can read");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    assertThat(shell.run("halcyon proxy status").err()).contains("HAL-701");
    assertThat(shell.run("halcyon proxy").status()).isEqualTo(64);
  }

  @EngineTest(Engine.MARIADB) // a matter of processes, not of servers
  void anAddressInUseIsNamed(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    try (var taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.listen()));

      var result = new Shell(folder, Map.of()).run("halcyon proxy run");

      assertThat(result.status()).isEqualTo(2);
      assertThat(result.err()).contains("HAL-703", "proxy.listen");
    }
  }
}
