package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is under way on the active server is named, with who does it and how it ends. */
class HindrancesTest {
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @EngineTest
  void eachIsNamed(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var session = session(database);
        var other = connect(database);
        var statement = other.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("INSERT INTO t VALUES (1)");
      await(session, "a transaction is open");
      statement.execute("ROLLBACK");

      statement.execute("XA START 'left'");
      statement.execute("INSERT INTO t VALUES (2)");
      statement.execute("XA END 'left'");
      statement.execute("XA PREPARE 'left'");
      await(session, "a prepared XA transaction waits for its end: left");
      statement.execute("XA ROLLBACK 'left'");

      for (var way : List.of("WRITE", "READ")) {
        statement.execute("LOCK TABLES t " + way);
        await(session, "tables are locked");
        statement.execute("UNLOCK TABLES");
      }
      Hindrances.awaitNone(session, PATIENCE);
      event(session, database);
      schemaStatement(database, session, other);
    }
  }

  private static void event(Session session, Database database) throws Exception {
    session.execute("SET GLOBAL event_scheduler = ON");
    try {
      database.execute(
          "CREATE EVENT busy ON SCHEDULE AT NOW() DO INSERT INTO t SELECT 7 + SLEEP(60)");
      await(session, "an event is at work");
      var found =
          Hindrances.find(session, LONGEST).stream()
              .filter(finding -> finding.message().startsWith("an event is at work"))
              .findFirst()
              .orElseThrow();
      assertThat(found.message()).contains(" of " + database.user() + "@").contains("SLEEP(60)");
      var remedy = String.valueOf(found.remedy());
      session.execute(remedy.substring(remedy.indexOf("KILL"), remedy.length() - 1));
    } finally {
      session.execute("SET GLOBAL event_scheduler = OFF");
    }
  }

  private static void schemaStatement(Database database, Session session, Connection other)
      throws Exception {
    try (var statement = other.createStatement()) {
      statement.execute("BEGIN");
      try (var _ = statement.executeQuery("SELECT * FROM t")) {
        var ddl =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try (var third = connect(database);
                          var waiting = third.createStatement()) {
                        waiting.execute("ALTER TABLE t ADD COLUMN more INT");
                      } catch (SQLException failure) {
                        throw new AssertionError(failure);
                      }
                    });
        await(session, "a schema statement is under way");
        statement.execute("COMMIT");
        ddl.join();
      }
    }
  }

  private static void await(Session session, String words) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (Hindrances.find(session, LONGEST).stream()
          .anyMatch(finding -> finding.message().startsWith(words))) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(Hindrances.find(session, LONGEST)).describedAs(words).isNull();
  }

  private static Session session(Database database) {
    return Server.connect(
            new ConnectionSettings(database.url(), database.user(), database.password()))
        .open("test");
  }

  private static Connection connect(Database database) {
    return Database.connect(
        database.server(), database.schema(), database.user(), database.password());
  }
}
