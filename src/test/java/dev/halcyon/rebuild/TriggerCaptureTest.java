package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.Relay;
import dev.halcyon.testing.Servers;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;

/** What only triggers can do to a rebuild, or be done to while they capture. */
class TriggerCaptureTest {
  private static final String TO_BIGINT = "ALTER TABLE t MODIFY v BIGINT NOT NULL";

  /** A run makes fewer writes of its state. */
  private static final int WRITES = 16;

  private static final int DEATHS = Integer.getInteger("halcyon.test.deaths", 3);

  private static Rebuilding rebuilding(Database database) {
    return new Rebuilding(database).by(CaptureBy.TRIGGERS);
  }

  private static void table(Database database, int rows) {
    database.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, KEY (v))");
    var sql = new StringBuilder("INSERT INTO t VALUES (1, 0)");
    for (var i = 2; i <= rows; i++) {
      sql.append(", (").append(i).append(", 0)");
    }
    database.execute(sql.toString());
  }

  private static void nothingIsLeft(Database database) {
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
    assertThat(database.strings("SHOW TABLES LIKE 'halcyon_rebuild'")).isEmpty();
    assertThat(
            database.strings(
                "SELECT trigger_name FROM information_schema.triggers"
                    + " WHERE trigger_schema = DATABASE()"))
        .isEmpty();
  }

  @EngineTest
  void statementsOfEveryKindAreCaptured(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, u INT NOT NULL,"
            + " v INT NOT NULL, UNIQUE KEY (u))",
        "INSERT INTO t (u, v) VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6)");
    rebuilding(database)
        .atStep(
            "verify",
            () ->
                database.execute(
                    "REPLACE INTO t VALUES (1, 1, 10), (7, 2, 20)",
                    "INSERT INTO t (u, v) VALUES (3, 0), (8, 0) ON DUPLICATE KEY UPDATE v = 30",
                    "INSERT IGNORE INTO t (u, v) VALUES (4, 0), (9, 90)",
                    "UPDATE t AS a JOIN t AS b ON b.id = a.id SET a.v = 50 WHERE b.u = 5",
                    "DELETE FROM t WHERE u = 6",
                    "INSERT INTO t (u, v) SELECT u + 100, v FROM t WHERE u < 3",
                    "UPDATE t SET id = id + 1000 WHERE u > 100 ORDER BY id DESC",
                    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                    "START TRANSACTION",
                    "UPDATE t SET v = v + 1 WHERE u = 1",
                    "COMMIT"))
        .run(TO_BIGINT);
    assertThat(database.strings("SELECT u, v FROM t ORDER BY u"))
        .containsExactly(
            "1 | 11",
            "2 | 20",
            "3 | 30",
            "4 | 4",
            "5 | 50",
            "8 | 0",
            "9 | 90",
            "101 | 10",
            "102 | 20");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    nothingIsLeft(database);
  }

  @EngineTest
  void halfOfASwapMayBeInTheNextBatch(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, w INT, UNIQUE KEY (v))",
        "CREATE TABLE digits AS SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION"
            + " SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9",
        "INSERT INTO t SELECT n, n, 0 FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n FROM"
            + " digits AS a, digits AS b, digits AS c, digits AS e) AS numbers WHERE n < 7000",
        "ANALYZE TABLE t");
    var once = new AtomicInteger();
    rebuilding(database)
        .chunks(2000)
        .atStep(
            "verify",
            () -> {
              if (once.getAndIncrement() == 0) {
                database.execute(
                    "START TRANSACTION",
                    "UPDATE t SET w = 1 WHERE id <> 6999 ORDER BY id",
                    "UPDATE t SET v = -1 WHERE id = 6999",
                    "UPDATE t SET v = 6999 WHERE id = 0",
                    "UPDATE t SET v = 0 WHERE id = 6999",
                    "COMMIT");
              }
            })
        .run(TO_BIGINT);
    assertThat(database.strings("SELECT id, v FROM t WHERE id IN (0, 6999) ORDER BY id"))
        .containsExactly("0 | 6999", "6999 | 0");
  }

  @EngineTest
  void aTableThatIsEmptiedMeanwhileEndsTheRun(Database database) {
    var plain = database.createUser("plain", "ALL ON {schema}.*", database.seesReplication());
    var all = new Account(database.user(), database.password());
    for (var account : List.of(plain, all)) {
      table(database, 200);
      assertThatThrownBy(
              () ->
                  rebuilding(database)
                      .as(account)
                      .atStep(
                          "cut-over",
                          () -> database.execute("TRUNCATE t", "INSERT INTO t VALUES (1, 5)"))
                      .run(TO_BIGINT))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.DRIFT);
                assertThat(failure.getMessage()).contains("TRUNCATE");
              });
      assertThat(database.count("t")).isEqualTo(1);
      assertThat(rebuilding(database).abandon("t")).isFalse();
      nothingIsLeft(database);
      database.execute("DROP TABLE t");
    }
  }

  @EngineTest
  void aTriggerThatSomebodyDropsEndsTheRunForGood(Database database) {
    table(database, 20);
    assertThatThrownBy(
            () -> rebuilding(database).atStep("cut-over", () -> dropOne(database)).run(TO_BIGINT))
        .hasMessageContaining("somebody has dropped triggers");
    assertThatThrownBy(() -> rebuilding(database).run(TO_BIGINT))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CAPTURE_BROKEN));
    assertThat(rebuilding(database).abandon("t")).isFalse();
    nothingIsLeft(database);
    rebuilding(database).run(TO_BIGINT);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  private static void dropOne(Database database) {
    database.execute(
        "DROP TRIGGER "
            + database
                .strings(
                    "SELECT trigger_name FROM information_schema.triggers"
                        + " WHERE trigger_schema = DATABASE()")
                .getFirst());
  }

  /** Whatever it has come to, an abort leaves the table as it was, and its writers as they are. */
  @EngineTest
  void aRunThatDiesAnywhereCanBeGivenUp(Database database) {
    table(database, 50);
    long seed = Long.getLong("halcyon.test.seed", System.nanoTime());
    System.out.println("deaths drawn from seed " + seed);
    var writes = new AtomicLong();
    try (var load = writers(database, writes)) {
      for (var death : new Random(seed).ints(DEATHS, 1, WRITES).toArray()) {
        var left = new AtomicInteger(death);
        try {
          rebuilding(database)
              .afterWrite(
                  count -> {
                    if (left.decrementAndGet() == 0) {
                      throw new IllegalStateException("dies");
                    }
                  })
              .run(TO_BIGINT, Duration.ofDays(1));
        } catch (IllegalStateException died) {
          load.awaitDone(3);
        }
        var _ = rebuilding(database).abandon("t");
        nothingIsLeft(database);
      }
      var _ = load.stop().requireNoErrorsBut();
    }
    assertThat(database.value("SELECT SUM(v) FROM t")).isEqualTo(String.valueOf(writes.get()));
  }

  private static Load writers(Database database, AtomicLong writes) {
    return Load.start(
        database,
        3,
        20261122,
        (random, connection) -> {
          connection.setTransactionIsolation(
              random.nextBoolean()
                  ? Connection.TRANSACTION_READ_COMMITTED
                  : Connection.TRANSACTION_REPEATABLE_READ);
          try (var statement = connection.createStatement()) {
            statement.executeUpdate(
                "UPDATE t SET v = v + 1 WHERE id = " + (1 + random.nextInt(50)));
            writes.incrementAndGet();
          }
        });
  }

  @EngineTest
  void aConnectionThatIsLostWhileTriggersAreMadeLeavesNothingThatIsNotFound(Database database) {
    table(database, 20);
    for (var statement : List.of("CREATE TABLE `t_hal_keys`", "CREATE TRIGGER", "CREATE TRIGGER")) {
      try (var relay = Relay.inFrontOf(database.server())) {
        var _ = relay.cutAfterRequest(text -> text.startsWith(statement));
        assertThatThrownBy(() -> rebuilding(database).through(relay.url(database)).run(TO_BIGINT))
            .isInstanceOf(Fault.class);
      }
      database.execute("UPDATE t SET v = v + 1 WHERE id = 1");
    }
    new Rebuilding(database).by(CaptureBy.LOG).run(TO_BIGINT);
    assertThat(database.value("SELECT v FROM t WHERE id = 1")).isEqualTo("3");
    nothingIsLeft(database);
  }

  @Tag("chaos")
  @EngineTest
  void aLogOfMixedFormatIsNoHindranceAndOneOfStatementsIs(Engine engine) {
    try (var server = Servers.startOwn(engine, Options.defaults().with("binlog_format", "MIXED"));
        var database = Database.fresh(server)) {
      table(database, 50);
      var writes = new AtomicLong();
      try (var load = writers(database, writes)) {
        load.awaitDone(10);
        rebuilding(database).run(TO_BIGINT);
        load.awaitDone(10);
        var _ = load.stop().requireNoErrorsBut();
      }
      assertThat(database.value("SELECT SUM(v) FROM t")).isEqualTo(String.valueOf(writes.get()));
      database.execute("SET GLOBAL binlog_format = 'STATEMENT'");
      assertThatThrownBy(() -> rebuilding(database).run("ALTER TABLE t MODIFY v INT NOT NULL"))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("binlog_format=STATEMENT");
      nothingIsLeft(database);
    }
  }
}
