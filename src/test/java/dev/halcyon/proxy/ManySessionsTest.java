package dev.halcyon.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Idle sessions by the hundred are moved with little memory, and no two have the same number. */
class ManySessionsTest {
  private static final int SESSIONS = 400;

  /** Of connections to the first server only, so that both count through the same numbers. */
  private static final int AHEAD = 250;

  private static final String HEAP = "-Xmx24m";

  @EngineTest
  void hundredsAreMovedWithASmallHeap(Engine engine) throws Exception {
    var options = Options.defaults().tls(false).with("max_connections", "1500");
    try (var one = Servers.startOwn(engine, options);
        var other = Servers.startOwn(engine, options)) {
      for (int i = 0; i < AHEAD; i++) {
        connect(one, one.port()).close();
      }
      var process = start(one, other);
      try (var answers = process.inputReader(UTF_8)) {
        int port = Integer.parseInt(answers.readLine());
        var sessions = new ArrayList<Connection>();
        try {
          open(sessions, one, port);
          for (int i = 0; i < 3; i++) {
            ask(process, "move");
            assertThat(answers.readLine()).as("move %d", i).matches("\\d+ \\d+");
          }
          assertUnchanged(sessions);
          open(sessions, one, port);
          assertThat(numbers(sessions)).hasSize(sessions.size());
          assertUnchanged(sessions);
        } finally {
          for (var session : sessions) {
            session.close();
          }
        }
      } finally {
        process.destroyForcibly().onExit().join();
      }
    }
  }

  private static void open(List<Connection> sessions, EmbeddedServer server, int port)
      throws SQLException {
    for (int i = 0; i < SESSIONS / 2; i++) {
      var session = connect(server, port);
      try (var statement = session.createStatement()) {
        statement.execute("SET @number = %d, time_zone = '+01:30'".formatted(sessions.size()));
      }
      sessions.add(session);
    }
  }

  private static Connection connect(EmbeddedServer server, int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/?sslMode=disable&allowPublicKeyRetrieval=true".formatted(port),
        server.user(),
        server.password());
  }

  private static Process start(EmbeddedServer one, EmbeddedServer other) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            HEAP,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.halcyon.bench.ProxyProcess",
            Integer.toString(one.port()),
            Integer.toString(other.port()),
            one.user(),
            one.password())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void ask(Process process, String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  private static void assertUnchanged(List<Connection> sessions) throws SQLException {
    int number = 0;
    for (var session : sessions) {
      try (var statement = session.createStatement();
          var rows = statement.executeQuery("SELECT CONCAT(@number, @@time_zone)")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo(number++ + "+01:30");
      }
    }
  }

  /** As the clients were told. */
  private static Set<Long> numbers(List<Connection> sessions) throws SQLException {
    var numbers = new HashSet<Long>();
    for (var session : sessions) {
      numbers.add(session.unwrap(org.mariadb.jdbc.Connection.class).getThreadId());
    }
    return numbers;
  }
}
