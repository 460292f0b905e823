package dev.halcyon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;

class LoadTest {

  @EngineTest
  void countsWorkAndErrorsByCode(Database database) {
    database.execute("CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n INT)");
    try (var load =
        Load.start(
            database,
            3,
            7,
            (random, connection) -> {
              try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO a (n) VALUES (" + random.nextInt(100) + ")");
                if (random.nextInt(20) == 0) {
                  statement.execute("INSERT INTO missing VALUES (1)");
                }
              }
            })) {
      load.awaitDone(200);
      var report = load.stop();

      assertThat(database.count("a")).isEqualTo(report.done() + report.errors(1146));
      assertThat(report.longest()).isGreaterThanOrEqualTo(report.p99()).isPositive();
      report.requireNoErrorsBut(1146);
      assertThatThrownBy(report::requireNoErrorsBut).hasMessageContaining("seed 7");
    }
  }

  @EngineTest
  void goesOnWhenConnectionsAreKilled(Database database) {
    database.execute("CREATE TABLE a (n INT)");
    database.execute("INSERT INTO a VALUES (0)");
    try (var load =
        Load.start(
            database,
            2,
            8,
            (random, connection) -> {
              connection.setAutoCommit(false);
              try (var statement = connection.createStatement()) {
                statement.execute("UPDATE a SET n = n + 1");
              }
              connection.commit();
              connection.setAutoCommit(true);
            })) {
      load.awaitDone(20);
      database
          .strings(
              "SELECT id FROM information_schema.processlist WHERE db = DATABASE()"
                  + " AND id <> CONNECTION_ID()")
          .forEach(id -> database.execute("KILL " + id));
      load.awaitDone(20);
      var report = load.stop();
      assertThat(report.errorsByCode()).isNotEmpty();
    }
  }

  @EngineTest(Engine.MARIADB)
  void failureOfTheWorkItselfComesOutWithTheSeed(Database database) {
    try (var load =
        Load.start(
            database,
            1,
            9,
            (random, connection) -> {
              throw new IllegalStateException("wrong");
            })) {
      load.awaitDone(1);
      assertThatThrownBy(load::stop).hasMessageContaining("seed 9").hasRootCauseMessage("wrong");
    }
  }
}
