package dev.halcyon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong input is refused with a code, the exit status of that code, and what to do. */
class ProxyRefusalsTest {
  @TempDir private Path folder;

  @EngineTest
  void wrongTokenChangesNothing(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder);
        var connection = ports.connect(database)) {
      Path file = folder.resolve("halcyon-proxy.token");
      String right = Files.readString(file);
      for (var wrong : new String[] {"0".repeat(64), "", "not a token\n", "é".repeat(70_000)}) {
        Files.writeString(file, wrong);
        for (var verb : new String[] {"status", "hold", "repoint b", "release", "stop"}) {
          var refused = shell.run("halcyon proxy " + verb);
          assertThat(refused.status()).as(verb + refused.err()).isEqualTo(2);
          assertThat(refused.err()).contains("HAL-702").doesNotContain(right.strip());
        }
        // Nor may anybody take the clients away.
        var taken = shell.run("halcyon proxy run --take-over");
        assertThat(taken.status()).as(taken.err()).isEqualTo(2);
        assertThat(taken.err()).containsAnyOf("HAL-702", "HAL-709");
      }
      Files.writeString(file, right);
      assertThat(shell.run("halcyon proxy status").out()).contains("clients go to a", "1 session");
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @EngineTest
  void secondProxyOnTheSamePortsLeavesTheFirstAlone(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder);
        var connection = ports.connect(database)) {
      var same = shell.run("halcyon proxy run");
      assertThat(same.status()).isEqualTo(2);
      assertThat(same.err()).contains("HAL-703", "proxy.listen", "--take-over");
      var control =
          shell.run("halcyon proxy run --listen 127.0.0.1:" + RunningProxy.Ports.free().listen());
      assertThat(control.status()).isEqualTo(2);
      assertThat(control.err()).contains("HAL-703", "proxy.control");
      assertThat(connection.isValid(5)).isTrue();
      assertThat(shell.run("halcyon proxy status").status()).isZero();
    }
  }

  /** Without any server it does not guess; with one named, each client gets one honest error. */
  @EngineTest
  void unreachableServers(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var nowhere = "127.0.0.1:" + RunningProxy.Ports.free().listen();
    RunningProxy.settleServers(folder, nowhere);
    var shell = new Shell(folder, Map.of());
    var settings = folder.resolve("halcyon.toml");
    String named = Files.readString(settings);
    Files.writeString(settings, named.replace("first = 'a'", ""));
    var undecided = shell.run("halcyon proxy run");
    assertThat(undecided.status()).isEqualTo(2);
    assertThat(undecided.err()).contains("HAL-704", "proxy.first");

    Files.writeString(settings, named);
    try (var _ = RunningProxy.start(folder)) {
      assertThatThrownBy(() -> ports.connect(database).close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("cannot reach the server");
      assertThat(shell.run("halcyon proxy status").out()).contains("0 sessions");
    }
  }

  /** Something else listens there, which speaks HTTP as well. */
  @Test
  void controlAddressOfAnotherProgram() throws Exception {
    var token = Files.writeString(folder.resolve("halcyon-proxy.token"), "0".repeat(64));
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    var other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext("/", ProxyRefusalsTest::answerAsAWebSite);
    other.start();
    try {
      var shell =
          new Shell(
              folder, Map.of("HALCYON_PROXY_CONTROL", "127.0.0.1:" + other.getAddress().getPort()));
      for (var verb : new String[] {"status", "hold", "release"}) {
        var refused = shell.run("halcyon proxy " + verb);
        assertThat(refused.status()).as(verb + refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("HAL-701");
      }
    } finally {
      other.stop(0);
    }
  }

  private static void answerAsAWebSite(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] page = "<html>".getBytes(UTF_8);
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
    }
  }

  @Test
  void wrongWordsAreRefusedBeforeAnythingIsDone() {
    var shell = new Shell(folder, Map.of());
    for (var line :
        new String[] {
          "halcyon proxy repoint",
          "halcyon proxy repoint a b",
          "halcyon proxy hold now",
          "halcyon proxy holt",
          "halcyon proxy status --sessions",
          "halcyon proxy run --take-over=maybe"
        }) {
      assertThat(shell.run(line).status()).as(line).isEqualTo(64);
    }
    for (var line :
        new String[] {
          "halcyon proxy hold --grace soon",
          "halcyon proxy hold --lease 0s",
          "halcyon proxy hold --policy perhaps",
          "halcyon proxy status --control 0.0.0.0:6307"
        }) {
      assertThat(shell.run(line).status()).as(line).isEqualTo(78);
    }
  }
}
