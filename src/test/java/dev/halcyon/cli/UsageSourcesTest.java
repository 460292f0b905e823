package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/** Who watches what applications use. */
class UsageSourcesTest {
  @TempDir private Path folder;

  @EngineTest(Engine.MARIADB)
  void withoutTheServersRecordNothingIsKnown(Database database) throws IOException {
    prepare(database);
    var shell = Shell.on(database, folder);
    expand(shell);

    var closed = shell.run("halcyon contract V1 --gate-unused 1s");

    assertThat(closed.status()).isEqualTo(3);
    assertThat(closed.err())
        .contains("HAL-504: V1: it is not known whether users.legacy was used")
        .contains("performance_schema is off")
        .contains("performance_schema = ON in the server's configuration")
        .contains("halcyon proxy run");
    var usage = shell.run("halcyon usage users.legacy");
    assertThat(usage.status()).isEqualTo(1);
    assertThat(usage.out()).contains("users.legacy: unknown", "not everything is watched");
    var nobody = shell.run("halcyon usage nobody.at_all");
    assertThat(nobody.status()).isEqualTo(64);
    assertThat(nobody.err()).contains("HAL-224");
    var passed =
        shell.run("halcyon contract V1 --gate-unused 1s --override-gate 'all of it is ours'");
    assertThat(passed.status()).describedAs(passed.err()).isZero();
  }

  /** Of a server that records nothing, with a client that prepares its statements there. */
  @EngineTest(Engine.MARIADB)
  void theProxysRecordAloneIsEnough(Database database) throws Exception {
    prepare(database);
    Map<String, String> environment = new HashMap<>();
    environment.put("HALCYON_URL", database.url());
    environment.put("HALCYON_USER", database.user());
    environment.put("HALCYON_PASSWORD", database.password());
    environment.put("HALCYON_USAGE_SOURCES", "proxy");
    var shell = new Shell(folder, environment);
    var ports = RunningProxy.settle(database, folder);
    expand(shell);
    var alone = shell.run("halcyon contract V1 --gate-unused 1s");
    assertThat(alone.status()).isEqualTo(3);
    assertThat(alone.err()).contains("HAL-504", "There is no token file");
    try (var _ = RunningProxy.start(folder)) {
      read(database, ports);

      var closed = shell.run("halcyon contract V1 --gate-unused 1h");

      assertThat(closed.status()).isEqualTo(3);
      assertThat(closed.err())
          .contains("HAL-502: V1: users.legacy was used in the last 1 h:")
          .contains(
              "3 times by " + database.user() + "@127.0.0.1 (proxy): SELECT legacy FROM users");
      var opened = opened(shell);
      assertThat(opened.status()).describedAs(opened.err()).isZero();
    }
  }

  /** Also of a server whose own record is off. */
  @EngineTest
  void aLogProvesUse(Engine engine) throws IOException {
    // What other tests send to the shared server may be told before what the log says.
    try (var own = Servers.startOwn(engine, Options.defaults());
        var database = Database.fresh(own)) {
      proveByLog(database);
    }
  }

  private void proveByLog(Database database) throws IOException {
    prepare(database);
    Files.writeString(
        folder.resolve("general.log"),
        """
        /usr/sbin/mysqld, Version: 8.0.33 (MySQL). started with:
        Tcp port: 3306  Unix socket: /tmp/socket
        Time                 Id Command    Argument
        2026-11-20T10:00:00.000000Z\t    8 Query\tSELECT legacy FROM users WHERE id = 5
        2026-11-20T10:00:07.000000Z\t    8 Execute\tSELECT legacy FROM users WHERE id = 6
        2026-11-20T11:00:00.000000Z\t    8 Query\tSELECT id FROM users
        """);
    Files.writeString(
        folder.resolve("slow.log"),
        """
        # Time: 2026-11-20T12:00:00.000000Z
        # User@Host: app[app] @ shop1 [10.0.0.1]  Id:     9
        # Query_time: 2.000168  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 1
        SET timestamp=1763640000;
        UPDATE users SET legacy = 7 WHERE id = 5;
        """);
    var shell = Shell.on(database, folder);

    var general = shell.run("halcyon usage users.legacy --since 90000d --log general.log");
    var slow = shell.run("halcyon usage users.legacy --since 90000d --log slow.log");

    assertThat(general.out())
        .contains("users.legacy: in use")
        .contains("last 2026-11-20 10:00:07 UTC, 2 times (log): SELECT legacy FROM users");
    assertThat(slow.out())
        .contains("last 2026-11-20 12:00:00 UTC, 1 times by app@shop1 (log): UPDATE users");
    assertThat(shell.run("halcyon usage users --log nowhere").err()).contains("HAL-201");
    assertThat(shell.run("halcyon init").status()).isZero();
    var _ = shell.run("halcyon usage --sample --log general.log slow.log");
    assertThat(
            database.strings(
                "SELECT watched_from, watched_to FROM halcyon_usage_period WHERE source = 'log'"))
        .containsExactly("2026-11-20 10:00:00.0 | 2026-11-20 11:00:00.0");
  }

  @EngineTest(Engine.MYSQL)
  void aWatchKeepsSamplesUntilItIsStopped(Engine engine) throws Exception {
    // The record of the shared server may be full of other tests' statements.
    try (var own = Servers.startOwn(engine, Options.defaults());
        var database = Database.fresh(own)) {
      watch(database);
    }
  }

  private void watch(Database database) throws Exception {
    prepare(database);
    assertThat(Shell.on(database, folder).run("halcyon init").status()).isZero();
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "usage",
            "--watch",
            "200ms");
    builder.environment().put("HALCYON_URL", database.url());
    builder.environment().put("HALCYON_USER", database.user());
    builder.environment().put("HALCYON_PASSWORD", database.password());
    var process = builder.directory(folder.toFile()).redirectErrorStream(true).start();
    try {
      var sample =
          "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"
              + " AND table_name = 'halcyon_usage_statement'";
      awaitTrue(process, () -> database.value(sample).equals("1"));
      database.execute("UPDATE users SET legacy = 3 WHERE id = 9");
      awaitTrue(
          process,
          () ->
              !database
                  .strings(
                      "SELECT id FROM halcyon_usage_statement WHERE text LIKE 'UPDATE `users`%'")
                  .isEmpty());
      process.toHandle().destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isBetween(0, 1);
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  private static void awaitTrue(Process process, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(process.isAlive() && System.nanoTime() < end).isTrue();
    }
  }

  private static void read(Database database, RunningProxy.Ports ports) throws SQLException {
    var url =
        "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable&useServerPrepStmts=true"
            .formatted(ports.listen(), database.schema());
    try (var connection = DriverManager.getConnection(url, database.user(), database.password());
        var query = connection.prepareStatement("SELECT legacy FROM users WHERE id = ?")) {
      for (int id = 1; id <= 3; id++) {
        query.setInt(1, id);
        query.executeQuery().close();
      }
    }
  }

  private static Shell.Result opened(Shell shell) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      var result = shell.run("halcyon contract V1 --gate-unused 1s");
      if (result.status() != 3 || System.nanoTime() > end) {
        return result;
      }
    }
  }

  private static void expand(Shell shell) {
    assertThat(shell.run("halcyon init").status()).isZero();
    var expanded = shell.run("halcyon expand V1 --gate-unused 1s");
    assertThat(expanded.status()).describedAs(expanded.err()).isZero();
  }

  private void prepare(Database database) throws IOException {
    database.execute("CREATE TABLE users (id INT PRIMARY KEY, legacy INT)");
    Path migrations = Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(
        migrations.resolve("V1__legacy.sql"), "ALTER TABLE users DROP COLUMN legacy;\n");
  }
}
