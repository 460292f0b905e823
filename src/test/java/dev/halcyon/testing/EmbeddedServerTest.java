package dev.halcyon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.embedded.ServerException;
import dev.halcyon.model.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

class EmbeddedServerTest {

  @EngineTest
  void keepsCommittedRowsOverStopAndKill(Engine engine) {
    try (var server = Servers.startOwn(engine, Options.defaults())) {
      var port = server.port();
      try (var database = Database.fresh(server)) {
        database.execute("CREATE TABLE mysql.kept (id INT)", "INSERT INTO mysql.kept VALUES (1)");
      }
      server.stop();
      assertThat(server.alive()).isFalse();
      server.restart();
      try (var database = Database.fresh(server)) {
        database.execute("INSERT INTO mysql.kept VALUES (2)");
      }
      server.kill();
      assertThat(server.alive()).isFalse();
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      try (var database = Database.fresh(server)) {
        assertThat(database.strings("SELECT id FROM mysql.kept")).containsExactly("1", "2");
      }
    }
  }

  @EngineTest
  void frozenServerAnswersNothingUntilThawed(Engine engine) throws SQLException {
    try (var server = Servers.startOwn(engine, Options.defaults().tls(false));
        var database = Database.fresh(server)) {
      try (var connection = database.connection();
          var statement = connection.createStatement()) {
        connection.setNetworkTimeout(Runnable::run, 300);
        server.freeze();
        // The signal may take a moment to reach every thread.
        assertThatThrownBy(
                () -> {
                  for (var i = 0; i < 10_000; i++) {
                    statement.execute("DO 1");
                  }
                })
            .hasStackTraceContaining("timed out");
        server.thaw();
      }
      assertThat(database.value("SELECT 1")).isEqualTo("1");
    }
  }

  @EngineTest
  void frozenServerCanBeStopped(Engine engine) {
    try (var server = Servers.startOwn(engine, Options.defaults().tls(false))) {
      server.freeze();
      server.stop();
      assertThat(server.alive()).isFalse();
    }
  }

  @EngineTest
  void settingsOutrankDefaults(Engine engine) {
    var options =
        Options.defaults()
            .durable(true)
            .with("server_id", "7")
            .with("log_bin_trust_function_creators", "OFF")
            .tls(false);
    try (var server = Servers.startOwn(engine, options);
        var database = Database.fresh(server)) {
      assertThat(
              database.value(
                  "SELECT CONCAT_WS(' ', @@server_id, @@innodb_flush_log_at_trx_commit,"
                      + " @@sync_binlog, IF(@@log_bin_trust_function_creators, 1, 0))"))
          .isEqualTo("7 1 1 0");
      assertThat(database.query("SHOW STATUS LIKE 'Ssl_cipher'").getFirst().get(1)).isEqualTo("");
      assertThat(server.certificateAuthority()).isEmpty();
    }
  }

  @EngineTest
  void certificateStandsForLoopback(Database database) throws SQLException {
    var authority = database.server().certificateAuthority().orElseThrow();
    var url =
        "jdbc:mariadb://127.0.0.1:%d/?sslMode=verify-full&serverSslCert=%s"
            .formatted(database.server().port(), authority);
    DriverManager.getConnection(url, database.user(), database.password()).close();
  }

  @EngineTest
  void deadServerQuotesItsLog(Engine engine) {
    var options = Options.defaults().with("no_such_variable", "1");
    assertThatThrownBy(() -> Servers.startOwn(engine, options))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("unknown variable 'no-such-variable=1'");
  }

  @EngineTest
  void endsWithItsJvmHoweverThatDies(Engine engine) throws IOException, InterruptedException {
    var jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dhalcyon.test.mysql=" + System.getProperty("halcyon.test.mysql", ""),
                "-Dhalcyon.test.mariadb=" + System.getProperty("halcyon.test.mariadb", ""),
                Lingering.class.getName(),
                engine.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = jvm.inputReader(StandardCharsets.UTF_8)) {
      var port = Integer.parseInt(output.readLine());
      var folder = Path.of(output.readLine());
      assertThat(listening(port)).isTrue();

      jvm.destroyForcibly();

      var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while ((Files.exists(folder) || listening(port)) && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(folder).doesNotExist();
      assertThat(listening(port)).isFalse();
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static boolean listening(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** A program that starts a server, tells its port and folder, and waits to be killed. */
  static final class Lingering {
    private Lingering() {}

    public static void main(String[] arguments) throws InterruptedException {
      EmbeddedServer server =
          Servers.startOwn(Engine.valueOf(arguments[0]), Options.defaults().tls(false));
      System.out.println(server.port());
      System.out.println(server.errorLog().getParent());
      Thread.sleep(Duration.ofMinutes(2));
    }
  }
}
