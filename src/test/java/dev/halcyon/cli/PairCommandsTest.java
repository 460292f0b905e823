package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.HaProxies;
import dev.halcyon.testing.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands, with a proxy in a process of its own. */
class PairCommandsTest {
  @TempDir private Path folder;

  @EngineTest(Engine.MARIADB)
  @Timeout(180)
  void clientsAreLedThereAndBack(Engine engine) throws Exception {
    try (var pair = ServerPair.start(engine, Options.defaults().tls(false))) {
      pair.execute("a", "CREATE DATABASE shop", "CREATE TABLE shop.t (id INT PRIMARY KEY)");
      pair.awaitApplied("b", Duration.ofSeconds(30));
      var ports = settle(pair);
      var shell = new Shell(folder, Map.of());
      try (var _ = RunningProxy.start(folder);
          var client = connect(pair, ports)) {
        assertThat(port(client)).isEqualTo(pair.server("a").port());
        var status = shell.run("halcyon pair status");
        assertThat(status.out())
            .containsPattern("a +writable +follows")
            .containsPattern("b +fenced");
        assertThat(status.status()).isZero();

        waitsForARebuild(pair, shell);
        var there = shell.run("halcyon pair switch");
        assertThat(there.out() + there.err())
            .contains("b is the active server, a the passive one")
            .contains("1 of 1 session moved");
        assertThat(there.status()).isZero();
        assertThat(port(client)).isEqualTo(pair.server("b").port());

        assertThat(shell.run("halcyon pair switch --back --json").lastLine())
            .contains("\"active\":\"a\"");
        assertThat(port(client)).isEqualTo(pair.server("a").port());
        assertThat(shell.run("halcyon pair status").out())
            .contains("switchover 2 from b to a: done");

        expandsAndFinishes(pair, shell);
        assertThat(shell.run("halcyon pair abort").err()).contains("HAL-221");
        byHaProxyThereAndByCommandsBack(pair, shell);
        funnelsAndGivesBack(pair, shell);
      }
    }
  }

  /** The row that a rebuild has while it works. */
  private static void waitsForARebuild(ServerPair pair, Shell shell) {
    pair.execute(
        "a",
        "CREATE TABLE shop.halcyon_rebuild (name VARCHAR(64) PRIMARY KEY)",
        "INSERT INTO shop.halcyon_rebuild VALUES ('t')");
    var refused = shell.run("halcyon pair switch");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("HAL-722", "a rebuild of shop.t has not ended", "halcyon alter --abort t");
    pair.execute("a", "DROP TABLE shop.halcyon_rebuild");
  }

  private void expandsAndFinishes(ServerPair pair, Shell shell) throws IOException {
    var migrations = Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(
        migrations.resolve("V12__twice.sql"),
        "ALTER TABLE t ADD COLUMN twice INT AS (id * 2) STORED;\n");
    Files.writeString(
        migrations.resolve("V13__middle.sql"), "ALTER TABLE t ADD COLUMN first INT FIRST;\n");
    Files.writeString(
        migrations.resolve("V14__plain.sql"), "ALTER TABLE t ADD COLUMN plain INT;\n");

    assertThat(shell.run("halcyon pair expand V13").status()).isEqualTo(1);
    assertThat(shell.run("halcyon pair finish V12").err()).contains("HAL-603");
    var expanded = shell.run("halcyon pair expand V12");
    assertThat(expanded.out() + expanded.err()).contains("b has V12: 1 statement");
    assertThat(shell.run("halcyon pair finish V12").err()).contains("HAL-603");
    assertThat(shell.run("halcyon pair switch").status()).isZero();
    pair.execute("b", "INSERT INTO shop.t (id) VALUES (21)");
    assertThat(shell.run("halcyon pair finish V12").out()).contains("a has V12: 1 statement");
    assertThat(shell.run("halcyon pair switch --back").status()).isZero();
    assertThat(pair.value("a", "SELECT twice FROM shop.t WHERE id = 21")).isEqualTo("42");
    assertThat(shell.run("halcyon pair expand V12").err()).contains("HAL-221");
    expandsWhatDoesNotPassBack(pair, shell);
  }

  private static void expandsWhatDoesNotPassBack(ServerPair pair, Shell shell) {
    assertThat(shell.run("halcyon pair expand V14").err()).contains("pair expand V14 --logged");
    assertThat(shell.run("halcyon pair expand V14 --logged").out())
        .contains("b has V14: 1 statement")
        .contains("a applies nothing of b until halcyon pair finish V14");
    assertThat(shell.run("halcyon pair switch").status()).isZero();
    pair.execute("b", "INSERT INTO shop.t (id, plain) VALUES (22, 5)");
    assertThat(shell.run("halcyon pair switch --back").err()).contains("halcyon pair finish V14");
    assertThat(shell.run("halcyon pair finish V14").out()).contains("a has V14: 1 statement");
    assertThat(shell.run("halcyon pair switch --back").status()).isZero();
    assertThat(pair.value("a", "SELECT plain FROM shop.t WHERE id = 22")).isEqualTo("5");
  }

  /** Clients come in by HAProxy, which first we tell what to do, then commands that we run. */
  private void byHaProxyThereAndByCommandsBack(ServerPair pair, Shell shell) throws Exception {
    try (var balancer =
        HaProxies.startTcp(
            "a 127.0.0.1:" + pair.server("a").port(),
            "b 127.0.0.1:" + pair.server("b").port() + " disabled")) {
      var ports = new RunningProxy.Ports(balancer.port(), 0);
      var toml = Files.readString(folder.resolve("halcyon.toml"));
      Files.writeString(
          folder.resolve("halcyon.toml"),
          toml.replace("[proxy]\n", "[proxy]\npolicy = 'close-idle'\n")
              + """
              [pair.traffic]
              socket = '%s'
              backend = 'shop'
              through = 'jdbc:mariadb://127.0.0.1:%d/shop'
              """
                  .formatted(balancer.socket(), balancer.port()));
      var there = shell.run("halcyon pair switch");
      assertThat(there.out() + there.err()).contains("b is the active server");
      try (var client = connect(pair, ports)) {
        assertThat(port(client)).isEqualTo(pair.server("b").port());
      }

      Files.writeString(folder.resolve("server"), "b");
      Files.writeString(
          folder.resolve("lead.sh"),
          """
          for line in "$1 state ready" "$2 state maint"; do
            exec 3<>/dev/tcp/127.0.0.1/%d
            echo "set server shop/$line" >&3
            cat <&3
          done
          echo $1 > server
          """
              .formatted(balancer.runtimePort()));
      Files.writeString(
          folder.resolve("halcyon.toml"),
          toml
              + """
              [pair.traffic]
              hold = 'touch held'
              repoint = 'bash lead.sh $HALCYON_SERVER b'
              release = 'rm held'
              status = 'echo server=$(cat server) held=$(test -e held && echo yes || echo no)'
              """);
      var back = shell.run("halcyon pair switch --back");
      assertThat(back.out() + back.err()).contains("a is the active server");
      try (var client = connect(pair, ports)) {
        assertThat(port(client)).isEqualTo(pair.server("a").port());
      }
    }
  }

  @Test
  void whatIsWrongWithTrafficIsToldAtOnce() throws IOException {
    Files.writeString(folder.resolve("secret"), "none\n");
    Files.writeString(
        folder.resolve("halcyon.toml"),
        """
        user = 'halcyon'
        password-file = 'secret'
        [pair.servers]
        a = 'jdbc:mariadb://127.0.0.1:1/shop'
        b = 'jdbc:mariadb://127.0.0.1:2/shop'
        [pair.traffic]
        socket = '10.0.0.9:9999'
        backnd = 'db'
        hold = 'true'
        """);
    var refused = new Shell(folder, Map.of()).run("halcyon pair switch");
    assertThat(refused.status()).isEqualTo(78);
    assertThat(refused.err())
        .contains("backnd is not known; did you mean backend?")
        .contains("neither a path nor an address of this host")
        .contains("backend is not set")
        .contains("through is not set")
        .contains("hold belongs to commands");
  }

  /** The one proxy leads all to a already; what two writers need is asked for. */
  private static void funnelsAndGivesBack(ServerPair pair, Shell shell) {
    assertThat(shell.run("halcyon pair funnel").err()).contains("HAL-705", "Name the server");
    assertThat(shell.run("halcyon pair funnel --back").err()).contains("P115", "P122");
    pair.unfence("b");
    assertThat(shell.run("halcyon pair check").err())
        .contains("master-master. Nobody wrote to either within a second")
        .contains("Type: halcyon pair funnel a");
    assertThat(shell.run("halcyon pair funnel a --json").lastLine())
        .contains("\"to\":\"a\"", "\"from\":\"b\"");
    assertThat(shell.run("halcyon pair funnel a").err()).contains("HAL-221");
    for (var name : List.of("a", "b")) {
      var place = name.equals("a") ? 1 : 2;
      pair.execute(
          name,
          "SET GLOBAL auto_increment_increment = 2",
          "SET GLOBAL auto_increment_offset = " + place,
          "SET GLOBAL gtid_domain_id = " + place);
    }
    var back = shell.run("halcyon pair funnel --back");
    assertThat(back.out() + back.err()).contains("b is writable, as a is");
    assertThat(shell.run("halcyon pair status").out()).contains("from a to b: done");
  }

  private RunningProxy.Ports settle(ServerPair pair) throws IOException {
    var ports = RunningProxy.Ports.free();
    var a = pair.server("a");
    var b = pair.server("b");
    Files.writeString(folder.resolve("secret"), a.password() + "\n");
    Files.writeString(
        folder.resolve("halcyon.toml"),
        """
        user = '%1$s'
        password-file = 'secret'
        [pair]
        longest-lag = '10s'
        [pair.servers]
        a = 'jdbc:mariadb://127.0.0.1:%2$d/shop'
        b = 'jdbc:mariadb://127.0.0.1:%3$d/shop'
        [proxy]
        listen = '127.0.0.1:%4$d'
        control = '127.0.0.1:%5$d'
        [proxy.servers]
        a = '127.0.0.1:%2$d'
        b = '127.0.0.1:%3$d'
        [proxy.accounts]
        %1$s = 'secret'
        """
            .formatted(a.user(), a.port(), b.port(), ports.listen(), ports.control()));
    return ports;
  }

  private static Connection connect(ServerPair pair, RunningProxy.Ports ports) throws SQLException {
    var server = pair.server("a");
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/shop?sslMode=disable&socketTimeout=60000"
            .formatted(ports.listen()),
        server.user(),
        server.password());
  }

  private static int port(Connection client) throws SQLException {
    try (var statement = client.createStatement();
        var rows = statement.executeQuery("SELECT @@port")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
