package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.LoadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two runs of the program at the same moment, on a table that a transaction of a client keeps from
 * being altered: one run gives way to the other, and that one gives way to the application.
 */
class TwoRunsTest {
  private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

  /** What a loaded machine adds to the time of a statement; less than another wait. */
  private static final Duration EPSILON = Duration.ofMillis(900);

  private static final Map<String, String> SETTINGS = Map.of("HALCYON_LOCK_WAIT", "1s");
  private static final List<String> EXPAND = List.of("expand", "V1");

  @TempDir Path folder;

  @EngineTest
  void oneIsToldWhoHoldsTheLeaseAndTheOtherNeverStandsInTheWay(Database database)
      throws IOException, SQLException, InterruptedException, TimeoutException, ExecutionException {
    prepare(database);
    try (var reader = database.connection();
        var reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      assertThat(reading.executeQuery("SELECT * FROM users").next()).isTrue();
      runTwo(database, reader);
    }
    assertThat(database.strings("SELECT id FROM users WHERE NOT (email <=> mail)")).isEmpty();
  }

  private void runTwo(Database database, Connection reader)
      throws SQLException, InterruptedException, TimeoutException, ExecutionException {
    try (var application = Load.start(database, 2, 1, TwoRunsTest::readOrWrite);
        var one = Program.start(database, folder, SETTINGS, EXPAND);
        var other = Program.start(database, folder, SETTINGS, EXPAND)) {
      var refused =
          (Program.Running)
              CompletableFuture.anyOf(one.onEnd(), other.onEnd()).get(60, TimeUnit.SECONDS);
      var working = refused == one ? other : one;

      assertThat(refused.await().status()).isEqualTo(ExitStatus.LEASE_HELD.code());
      assertThat(refused.await().printed())
          .contains(
              "HAL-601",
              "\"halcyon expand V1\" of ",
              "process " + working.processId() + ", since 20",
              "last sign of life");
      working.awaitPrinted("gave way 2 times");
      application.awaitDone(50);
      reader.rollback();

      assertThat(working.await().status()).as("%s", working.await().printed()).isZero();
      LoadReport report = application.stop();
      assertThat(report.errorsByCode()).as("%s", report.firstErrors()).isEmpty();
      assertThat(report.longest()).isLessThan(LOCK_WAIT.plus(EPSILON));
    }
  }

  private void prepare(Database database) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(40) NOT NULL)",
        "INSERT INTO users (email) VALUES ('a'), ('b'), ('c')");
    Path migrations = Files.createDirectory(folder.resolve("migrations"));
    Files.writeString(
        migrations.resolve("V1__mail.sql"), "ALTER TABLE users RENAME COLUMN email TO mail;\n");
    Deployments.of(database, migrations).init();
  }

  /** One statement at a time, so that the time it took is that of one wait. */
  private static void readOrWrite(Random random, Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          random.nextBoolean()
              ? "SELECT email FROM users WHERE id = 1"
              : "UPDATE users SET email = 'x" + random.nextInt() + "' WHERE id = 2");
    }
  }
}
