package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.deploy.Outcome;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server itself goes away in the middle of a backfill, of a schema statement and of a
 * comparison: killed, stopped, or frozen. If it is back in time the run goes on by itself; else it
 * ends with a clear error, and the same command goes on when the server is back.
 */
class ServerAwayTest {
  private static final int ROWS_LOG2 = 16;
  private static final int ROWS = 1 << ROWS_LOG2;
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String TABLE =
      "CREATE TABLE big (id INT AUTO_INCREMENT PRIMARY KEY, cents INT NOT NULL,"
          + " label VARCHAR(200) NOT NULL)";
  private static final String AMOUNT = "ALTER TABLE big CHANGE cents amount DECIMAL(12,2) NOT NULL";
  private static final String INDEX = "ALTER TABLE big ADD INDEX idx_label (label)";

  @TempDir Path migrations;

  /** One way for each moment; together every way at every moment. */
  private record Ways(Outage.Way inBackfill, Outage.Way inStatement, Outage.Way inVerify) {
    static final List<Ways> ALL =
        List.of(
            new Ways(Outage.Way.KILLED, Outage.Way.STOPPED, Outage.Way.FROZEN),
            new Ways(Outage.Way.STOPPED, Outage.Way.FROZEN, Outage.Way.KILLED),
            new Ways(Outage.Way.FROZEN, Outage.Way.KILLED, Outage.Way.STOPPED));
  }

  /** On one engine the server is back in time, on the other one it stays away; it is drawn. */
  @EngineTest
  void aRunBearsThatTheServerIsAway(Engine engine) throws IOException {
    System.out.println("outage drawn from seed " + SEED);
    var random = new Random(SEED);
    var backInTime = random.nextBoolean() ? Engine.MARIADB : Engine.MYSQL;
    if (engine == backInTime) {
      goesOn(engine, List.of(Ways.ALL.get(random.nextInt(Ways.ALL.size()))));
    } else {
      var moments = Outage.Moment.values();
      endsClearly(engine, List.of(moments[random.nextInt(moments.length)]));
    }
  }

  @EngineTest
  @Tag("chaos")
  void aRunGoesOnByItselfHoweverTheServerWasAway(Engine engine) throws IOException {
    goesOn(engine, Ways.ALL);
  }

  private void goesOn(Engine engine, List<Ways> all) throws IOException {
    writeChanges();
    try (var server = Servers.startOwn(engine, Options.defaults())) {
      for (Ways ways : all) {
        try (var database = Database.fresh(server);
            var inBackfill = new Outage(server, ways.inBackfill(), Outage.Moment.BACKFILL);
            var inStatement = new Outage(server, ways.inStatement(), Outage.Moment.STATEMENT);
            var inVerify = new Outage(server, ways.inVerify(), Outage.Moment.VERIFY)) {
          prepare(database);
          try (var application = Load.start(database, 1, 1, ServerAwayTest::write)) {
            Events events =
                event -> {
                  inBackfill.on(event);
                  inStatement.on(event);
                  inVerify.on(event);
                };
            Outcome outcome =
                Deployments.patient(database, migrations, LONG, events).expand(List.of(), false);
            assertThat(outcome.status()).as("%s %s", ways, outcome).isEqualTo(ExitStatus.DONE);
            application.awaitDone(10);
            var _ = application.stop();
          }
          inBackfill.assertHappened();
          inStatement.assertHappened();
          inVerify.assertHappened();
          database.reconnect();
          assertContracts(database);
        }
      }
    }
  }

  @EngineTest
  @Tag("chaos")
  void aRunEndsClearlyWheneverTheServerGoesAwayForLong(Engine engine) throws IOException {
    endsClearly(engine, List.of(Outage.Moment.values()));
  }

  private void endsClearly(Engine engine, List<Outage.Moment> moments) throws IOException {
    writeChanges();
    try (var server = Servers.startOwn(engine, Options.defaults());
        var database = Database.fresh(server)) {
      prepare(database);
      for (var moment : moments) {
        try (var outage = new Outage(server, Outage.Way.KILLED_FOR_LONG, moment)) {
          assertThatThrownBy(
                  () ->
                      Deployments.patient(database, migrations, SHORT, outage)
                          .expand(List.of(), false))
              .as("%s", moment)
              .isInstanceOfSatisfying(
                  Failure.class,
                  failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
                    assertThat(failure.code().exitStatus()).isEqualTo(ExitStatus.FAILED);
                    assertThat(failure.next()).contains("same command again");
                  });
          outage.assertHappened();
        }
        server.restart();
      }
      Deployments.patient(database, migrations, LONG, event -> {}).expand(List.of(), false);
      database.reconnect();
      assertContracts(database);
    }
  }

  private void writeChanges() throws IOException {
    Files.writeString(
        migrations.resolve("V1__amount.sql"),
        "-- halcyon: map big.cents -> amount up=\"cents / 100\" down=\"ROUND(amount * 100)\"\n"
            + AMOUNT
            + ";\n");
    Files.writeString(migrations.resolve("V2__label.sql"), INDEX + ";\n");
  }

  private void prepare(Database database) {
    database.execute(TABLE, "INSERT INTO big (cents, label) VALUES (1, RPAD('x', 190, 'y'))");
    for (int i = 0; i < ROWS_LOG2; i++) {
      database.execute(
          "INSERT INTO big (cents, label) SELECT id, LEFT(CONCAT(id, label), 200) FROM big");
    }
    Deployments.of(database, migrations).init();
  }

  private void assertContracts(Database database) {
    assertThat(database.value("SELECT COUNT(*) FROM big WHERE NOT (amount <=> cents / 100)"))
        .isEqualTo("0");
    Outcome outcome = Deployments.of(database, migrations).contract(List.of(), null);
    assertThat(outcome.status()).as("%s", outcome).isEqualTo(ExitStatus.DONE);
    try (var plain = Database.fresh(database.server())) {
      plain.execute(TABLE, AMOUNT, INDEX);
      assertThat(Shapes.of(database)).isEqualTo(Shapes.of(plain));
    }
  }

  private static void write(Random random, Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "UPDATE big SET cents = cents + 1 WHERE id = " + (1 + random.nextInt(ROWS)));
      statement.execute(
          "INSERT INTO big (cents, label) VALUES (" + random.nextInt(99) + ", 'new')");
    }
  }
}
