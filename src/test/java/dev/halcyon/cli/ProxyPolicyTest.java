package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What status tells of sessions, and what a hold and a move do to those that stand against it. */
class ProxyPolicyTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @TempDir private Path folder;

  @EngineTest
  void statusTellsForHowLongEachSessionHasNotBeenAtABoundary(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder);
        var idle = ports.connect(database);
        var busy = ports.connect(database);
        var statement = busy.createStatement()) {
      assertThat(idle.isValid(5)).isTrue();
      statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      statement.execute("START TRANSACTION");
      statement.execute("INSERT INTO t VALUES (1)");
      var sleeps = new FutureTask<>(() -> statement.execute("DO SLEEP(1)"));
      Thread.ofVirtual().start(sleeps);

      var session = awaitStraggler(shell, "COMMAND");
      assertThat(session.path("inCommandMs").asDouble()).isPositive();
      assertThat(session.path("inTransactionMs").asDouble())
          .isGreaterThan(session.path("inCommandMs").asDouble());
      assertThat(session.path("user").asString()).isEqualTo(database.user());
      assertThat(session.path("schema").asString()).isEqualTo(database.schema());
      assertThat(session.path("server").asString()).isEqualTo("a");
      assertThat(session.path("client").asString()).contains("127.0.0.1:");
      sleeps.get(20, TimeUnit.SECONDS);

      var rests = awaitStraggler(shell, "TRANSACTION");
      assertThat(rests.path("hindrances")).hasSize(1);
      assertThat(rests.path("inTransactionMs").asDouble()).isGreaterThan(1000);
      assertThat(shell.run("halcyon proxy status").out())
          .contains("2 sessions, 1 not at a boundary", "a transaction is open (", "at a boundary");
      statement.execute("COMMIT");
      assertThat(status(shell).path("stragglers").asInt()).isZero();
    }
  }

  /** Never in the middle of a command, and nobody else. */
  @EngineTest
  void closeIdleClosesWhoBindsOnceItIsIdle(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder);
        var other = ports.connect(database);
        var others = other.createStatement();
        var binds = ports.connect(database);
        var statement = binds.createStatement()) {
      statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      statement.execute("START TRANSACTION");
      statement.execute("INSERT INTO t VALUES (1)");
      var sleeps = new FutureTask<>(() -> statement.executeUpdate("DO SLEEP(1)"));
      Thread.ofVirtual().start(sleeps);
      awaitStraggler(shell, "COMMAND");

      var held = shell.run("halcyon proxy hold --grace 5s --policy close-idle --json");
      // The grace lets the command end; the transaction does not, and its session goes.
      assertThat(held.status()).as(held.out()).isZero();
      assertThat(held.lastLine())
          .contains("\"drained\":true", "\"closed\":[\"", "a transaction is open");
      assertThat(sleeps.get(20, TimeUnit.SECONDS)).isZero();
      assertThatThrownBy(() -> statement.execute("COMMIT"))
          .isInstanceOfSatisfying(
              SQLException.class, gone -> assertThat(gone.getSQLState()).startsWith("08"));
      assertThat(status(shell).path("sessions")).hasSize(1);
      assertThat(shell.run("halcyon proxy release").status()).isZero();
      others.execute("INSERT INTO t VALUES (2)");
      assertThat(database.value("SELECT GROUP_CONCAT(id) FROM t")).isEqualTo("2");
    }
  }

  /** The policy may stand in the settings, and a flag outranks it. */
  @EngineTest
  void policyOfTheSettingsIsTheDefault(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder, "policy = 'close-idle'", "grace = '100ms'");
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder);
        var connection = ports.connect(database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE t (id INT)");
      var given = shell.run("halcyon proxy hold --policy give-up");
      assertThat(given.status()).isEqualTo(1);
      assertThat(given.err()).contains("HAL-707", "temporary tables");
      statement.execute("INSERT INTO t VALUES (1)");

      assertThat(shell.run("halcyon proxy hold").status()).isZero();
      assertThatThrownBy(() -> statement.execute("SELECT * FROM t"))
          .isInstanceOf(SQLException.class);
      assertThat(shell.run("halcyon proxy release").status()).isZero();
    }
  }

  @EngineTest
  void noneIsMovedToAServerThatDoesNotAnswer(Database database) throws Exception {
    var ports = RunningProxy.settle(database, folder);
    RunningProxy.settleServerB(folder, "127.0.0.1:" + RunningProxy.Ports.free().listen());
    var shell = new Shell(folder, Map.of());
    try (var _ = RunningProxy.start(folder)) {
      assertNotMoved(shell);
      try (var connection = ports.connect(database);
          var statement = connection.createStatement()) {
        statement.execute("SET @mine = 42");
        assertThat(assertNotMoved(shell)).contains(database.user());
        try (var rows = statement.executeQuery("SELECT @mine")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(42);
        }
      }
    }
  }

  /** With and without clients. */
  private static String assertNotMoved(Shell shell) {
    assertThat(shell.run("halcyon proxy hold --lease 1m").status()).isZero();
    var refused = shell.run("halcyon proxy repoint b");
    assertThat(refused.status()).as(refused.out()).isEqualTo(1);
    assertThat(refused.err()).contains("HAL-708", "nothing can be learnt about server b");
    assertThat(shell.run("halcyon proxy status").out()).contains("clients go to a; held for");
    assertThat(shell.run("halcyon proxy release").status()).isZero();
    return refused.err();
  }

  private static JsonNode status(Shell shell) {
    return MAPPER.readTree(shell.run("halcyon proxy status --json").lastLine());
  }

  private static JsonNode awaitStraggler(Shell shell, String hindrance) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      var status = status(shell);
      for (var session : status.path("sessions")) {
        if (session.path("hindrances").toString().contains('"' + hindrance + '"')) {
          return session;
        }
      }
      assertThat(System.nanoTime()).as(status.toString()).isLessThan(end);
    }
  }
}
