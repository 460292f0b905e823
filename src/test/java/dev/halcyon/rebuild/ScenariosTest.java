package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.Failure;
import dev.halcyon.plan.Limits;
import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.Relay;
import dev.halcyon.testing.Servers;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;

/** Ways in which online schema changes have lost rows elsewhere. */
class ScenariosTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", 20261121);
  private static final String TO_BIGINT = "ALTER TABLE t MODIFY v BIGINT NOT NULL";
  private static final String TO_INT = "ALTER TABLE t MODIFY v INT NOT NULL";

  private static void table(Database database, int rows) {
    database.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, KEY (v))");
    for (var i = 1; i <= rows; i++) {
      database.execute("INSERT INTO t VALUES (" + i + ", 0)");
    }
  }

  /** Each statement adds one, so that a lost one is missing in the sum. */
  private static Load counting(Database database, int threads, int rows, AtomicLong added) {
    return Load.start(
        database,
        threads,
        SEED,
        (random, connection) -> {
          try (var statement = connection.createStatement()) {
            statement.executeUpdate(
                "UPDATE t SET v = v + 1 WHERE id = " + (1 + random.nextInt(rows)));
            added.incrementAndGet();
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    }
  }

  @EngineTest
  void aCutOverThatGivesWayTakesAlongWhatComesBeforeTheNext(Database database, CaptureBy by)
      throws Exception {
    // The writers leave the held row alone: one by one they would all come to wait for it.
    table(database, 51);
    var added = new AtomicLong();
    var gaveWay = new CountDownLatch(1);
    try (var load = counting(database, 3, 50, added);
        var holder = database.connection();
        var statement = holder.createStatement()) {
      var rebuilding =
          new Rebuilding(database)
              .by(by)
              .listening(
                  event -> {
                    if (event instanceof Event.StepStarted started
                        && started.step().equals("cut-over")) {
                      execute(statement, "START TRANSACTION");
                      execute(statement, "UPDATE t SET v = v + 1000 WHERE id = 51");
                    }
                    if (event instanceof Event.Waiting) {
                      gaveWay.countDown();
                    }
                  });
      var run = new FutureTask<>(() -> rebuilding.run(TO_BIGINT));
      var _ = Thread.ofVirtual().start(run);
      await(gaveWay);
      load.awaitDone(5);
      statement.execute("COMMIT");
      var _ = run.get();
      var _ = load.stop();
    }
    assertThat(database.value("SELECT SUM(v) FROM t"))
        .isEqualTo(String.valueOf(added.get() + 1000));
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  private static void execute(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @EngineTest
  void aSwapWhoseReplyIsLostHappensOnce(Database database, CaptureBy by) {
    table(database, 50);
    var added = new AtomicLong();
    Predicate<String> rename = text -> text.startsWith("RENAME TABLE");
    try (var load = counting(database, 3, 50, added)) {
      for (var i = 0; i < 6; i++) {
        try (var relay = Relay.inFrontOf(database.server())) {
          var _ =
              switch (i % 3) {
                case 0 -> relay.cutAfterRequest(rename);
                case 1 -> relay.cutDuringRequest(rename);
                default -> relay.cutBeforeRequest(rename);
              };
          new Rebuilding(database)
              .by(by)
              .through(relay.url(database))
              .run(i % 2 == 0 ? TO_BIGINT : TO_INT);
        }
        load.awaitDone(5);
      }
      var _ = load.stop().requireNoErrorsBut();
    }
    assertThat(database.value("SELECT SUM(v) FROM t")).isEqualTo(String.valueOf(added.get()));
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
  }

  @EngineTest
  void aTriggerOrAKeyThatSomebodyMakesMeanwhileEndsTheRun(Database database) {
    for (var sql :
        List.of(
            "CREATE TRIGGER watch BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 1",
            "CREATE TABLE child (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES t (id))")) {
      table(database, 20);
      assertThatThrownBy(
              () ->
                  new Rebuilding(database)
                      .atStep("cut-over", () -> database.execute(sql))
                      .run(TO_BIGINT))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("somebody");
      assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
      database.execute(
          "DROP TABLE IF EXISTS child",
          "DROP TABLE t, t_hal_new",
          "DROP TABLE IF EXISTS t_hal_keys",
          "DELETE FROM halcyon_rebuild",
          "DROP TABLE halcyon_rebuild");
    }
  }

  @EngineTest
  void rowsLargerThanAPacketComeAlong(Database database) {
    database.execute(
        "CREATE TABLE b (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, data LONGBLOB)",
        "INSERT INTO b VALUES (1, 1, REPEAT('x', 9000000)), (2, 2, 'y')");
    new Rebuilding(database)
        .atStep(
            "index",
            () ->
                database.execute(
                    "UPDATE b SET v = 7, data = REPEAT('z', 9000000) WHERE id = 2",
                    "UPDATE b SET v = 8 WHERE id = 1",
                    "INSERT INTO b VALUES (3, 9, REPEAT('q', 10000000))"))
        .run("ALTER TABLE b MODIFY v BIGINT NOT NULL, ADD KEY (v)");
    assertThat(
            database.strings("SELECT id, v, LENGTH(data), HEX(LEFT(data, 1)) FROM b ORDER BY id"))
        .containsExactly("1 | 8 | 9000000 | 78", "2 | 7 | 9000000 | 7A", "3 | 9 | 10000000 | 71");
  }

  @EngineTest
  void transactionsOfEveryShapeComeAlongOnceTheyCommit(Database database) {
    table(database, 20);
    var once = new AtomicInteger();
    new Rebuilding(database)
        .atStep(
            "verify",
            () -> {
              if (once.getAndIncrement() > 0) {
                return;
              }
              database.execute(
                  "START TRANSACTION",
                  "UPDATE t SET v = 1 WHERE id = 1",
                  "SAVEPOINT s",
                  "UPDATE t SET v = 99 WHERE id = 2",
                  "ROLLBACK TO SAVEPOINT s",
                  "DELETE FROM t WHERE id = 3",
                  "COMMIT",
                  "START TRANSACTION",
                  "UPDATE t SET v = 98",
                  "ROLLBACK",
                  "FLUSH BINARY LOGS",
                  "CREATE TABLE other AS SELECT * FROM t",
                  "INSERT INTO t SELECT id + 100, v FROM other WHERE id < 3",
                  "FLUSH BINARY LOGS",
                  "UPDATE t SET id = -id WHERE id = 20",
                  "UPDATE t SET id = id");
            })
        .run(TO_BIGINT);
    assertThat(database.strings("SELECT id, v FROM t WHERE id < 4 OR id > 19 ORDER BY id"))
        .containsExactly("-20 | 0", "1 | 1", "2 | 0", "101 | 1", "102 | 0");
    assertThat(database.count("t")).isEqualTo(21);
  }

  @EngineTest(Engine.MYSQL)
  void compressedTransactionsComeAlong(Database database) {
    table(database, 20);
    new Rebuilding(database)
        .atStep(
            "verify",
            () ->
                database.execute(
                    "SET SESSION binlog_transaction_compression = ON", "UPDATE t SET v = id * 2"))
        .run(TO_BIGINT);
    assertThat(database.value("SELECT SUM(v) FROM t")).isEqualTo("420");
  }

  @EngineTest
  void aSessionThatWritesStatementsEndsTheRun(Database database) {
    table(database, 20);
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .atStep(
                        "verify",
                        () ->
                            database.execute(
                                "SET SESSION binlog_format = 'STATEMENT'",
                                "UPDATE t SET v = v + 1"))
                    .run(TO_BIGINT))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("statement format");
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
  }

  @EngineTest
  void aRunThatDiedGoesOnBehindAKeyOfBytes(Database database) {
    database.execute("CREATE TABLE t (id VARBINARY(4) NOT NULL PRIMARY KEY, v INT NOT NULL)");
    for (var i = 0; i < 256; i += 4) {
      database.execute("INSERT INTO t VALUES (UNHEX('%02xab'), %d)".formatted(i, i));
    }
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .chunks(7)
                    .afterWrite(
                        count -> {
                          if (count == 5) {
                            throw new IllegalStateException("dies");
                          }
                        })
                    .run(TO_BIGINT))
        .hasMessage("dies");
    assertThat(database.count("t_hal_new")).isPositive();
    new Rebuilding(database).chunks(7).run(TO_BIGINT);
    assertThat(database.strings("SELECT COUNT(*), SUM(v) FROM t")).containsExactly("64 | 8064");
  }

  @EngineTest
  void aDifferenceIsFoundAgainByTheNextRun(Database database) {
    table(database, 20);
    var run =
        new Rebuilding(database)
            .atStep("verify", () -> database.execute("UPDATE t_hal_new SET v = 9 WHERE id = 7"));
    assertThatThrownBy(() -> run.run(TO_BIGINT)).hasMessageContaining("1 rows");
    assertThatThrownBy(() -> new Rebuilding(database).run(TO_BIGINT))
        .hasMessageContaining("1 rows")
        .hasMessageContaining("7");
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
  }

  @EngineTest
  void aColumnMayChangeOnlyTheCaseOfItsName(Database database) {
    table(database, 20);
    database.execute("UPDATE t SET v = id");
    new Rebuilding(database)
        .atStep("verify", () -> database.execute("UPDATE t SET v = 100 WHERE id = 3"))
        .run("ALTER TABLE t CHANGE v V BIGINT NOT NULL");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("`V` bigint");
    assertThat(database.value("SELECT SUM(V) FROM t")).isEqualTo("307");
  }

  @EngineTest
  void lookingAtTheWaysLeavesWhatWasCopied(Database database) {
    table(database, 20);
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .afterWrite(
                        count -> {
                          if (count == 6) {
                            throw new IllegalStateException("dies");
                          }
                        })
                    .run(TO_BIGINT))
        .hasMessage("dies");
    var copied = database.count("t_hal_new");
    var _ =
        new Ways(Rebuilding.server(database), new Limits(100), TO_BIGINT, CaptureBy.LOG)
            .choose(null);
    assertThat(database.count("t_hal_new")).isEqualTo(copied);
    assertThat(new Rebuilding(database).run(TO_BIGINT).rows()).isEqualTo(20);
  }

  @Tag("chaos")
  @EngineTest
  void rowsThatTheLogHasBeforeTheTableComeAlong(Engine engine) throws Exception {
    try (var server = Servers.startOwn(engine, Options.defaults());
        var database = Database.fresh(server)) {
      table(database, 20);
      var stalled =
          new FutureTask<>(
              () ->
                  database.execute(
                      "START TRANSACTION",
                      "UPDATE t SET v = 1 WHERE id = 10",
                      "INSERT INTO t VALUES (500, 1)",
                      "COMMIT"),
              null);
      // As the copy begins, when the run's own marks are already in the log and cannot hide it.
      new Rebuilding(database)
          .atStep(CopyPhase.STEP, () -> stall(database, stalled))
          .run(TO_BIGINT);
      stalled.get();
      assertThat(database.strings("SELECT COUNT(*), SUM(id = 500), SUM(v) FROM t"))
          .containsExactly("21 | 1 | 2");
    }
  }

  /** Without a replica a commit waits behind the log until its time is over. */
  private static void stall(Database database, FutureTask<?> commit) {
    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      for (var sql : semiSynchronous(database.engine())) {
        statement.execute(sql);
      }
      var before = logPosition(statement);
      var _ = Thread.ofVirtual().start(commit);
      while (logPosition(statement) == before && !commit.isDone()) {
        Thread.sleep(5);
      }
      // The run reads it out of the log meanwhile; the table has it a second later.
      Thread.sleep(300);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interruption);
    }
  }

  private static List<String> semiSynchronous(Engine engine) {
    return switch (engine) {
      case MARIADB ->
          List.of(
              "SET GLOBAL rpl_semi_sync_master_wait_point = 'AFTER_SYNC'",
              "SET GLOBAL rpl_semi_sync_master_timeout = 1500",
              "SET GLOBAL rpl_semi_sync_master_enabled = ON");
      case MYSQL ->
          List.of(
              "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'",
              "SET GLOBAL rpl_semi_sync_source_wait_point = 'AFTER_SYNC'",
              "SET GLOBAL rpl_semi_sync_source_timeout = 1500",
              "SET GLOBAL rpl_semi_sync_source_enabled = ON");
    };
  }

  private static long logPosition(Statement statement) throws SQLException {
    try (var rows = statement.executeQuery("SHOW MASTER STATUS")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong("Position");
    }
  }

  @Tag("chaos")
  @EngineTest
  void theLogsNameMayGrowByADigit(Engine engine) {
    try (var server = Servers.startOwn(engine, Options.defaults());
        var database = Database.fresh(server)) {
      database.execute("RESET MASTER TO 999998");
      table(database, 20);
      new Rebuilding(database)
          .atStep(
              "verify",
              () ->
                  database.execute(
                      "UPDATE t SET v = 1 WHERE id = 1",
                      "FLUSH BINARY LOGS",
                      "UPDATE t SET v = 1 WHERE id = 2",
                      "FLUSH BINARY LOGS",
                      "UPDATE t SET v = 1 WHERE id = 3"))
          .run(TO_BIGINT);
      assertThat(database.strings("SHOW BINARY LOGS")).anyMatch(line -> line.contains(".1000000"));
      assertThat(database.value("SELECT SUM(v) FROM t")).isEqualTo("3");
    }
  }

  @Tag("chaos")
  @EngineTest
  void aChunkThatTheLogsCacheCannotHoldEndsInTheServersWords(Engine engine) {
    try (var server =
            Servers.startOwn(
                engine,
                Options.defaults()
                    .with("max_binlog_cache_size", "65536")
                    .with("binlog_cache_size", "32768"));
        var database = Database.fresh(server)) {
      database.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, w TEXT)");
      for (var i = 1; i <= 100; i++) {
        database.execute("INSERT INTO t VALUES (" + i + ", 0, REPEAT('x', 2000))");
      }
      assertThatThrownBy(() -> new Rebuilding(database).chunks(100).run(TO_BIGINT))
          .hasMessageContaining("max_binlog_cache_size");
      assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
      new Rebuilding(database).chunks(10).run(TO_BIGINT);
      assertThat(database.count("t")).isEqualTo(100);
    }
  }
}
