package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;

/** A change is taken back with every write that was made since. */
class RevertTest {
  private static final Duration DAY = Duration.ofDays(1);

  /** There are more of the state than these, there and back. */
  private static final int WRITES = 12;

  private static final String TO_BIGINT = "ALTER TABLE t MODIFY qty BIGINT NOT NULL";
  private static final String RESHAPE =
      "ALTER TABLE t CHANGE qty amount BIGINT NOT NULL, DROP COLUMN note, ADD COLUMN extra INT";

  private static void table(Database database, int rows) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, qty INT NOT NULL,"
            + " note VARCHAR(50) NOT NULL DEFAULT 'none', UNIQUE KEY (qty, id))");
    var sql = new StringBuilder("INSERT INTO t (qty, note) VALUES (0, 'note 0')");
    for (var i = 1; i < rows; i++) {
      sql.append(", (").append(i).append(", 'note ").append(i).append("')");
    }
    database.execute(sql.toString());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it does not come to be so").isLessThan(end);
      Thread.sleep(20);
    }
  }

  @EngineTest
  void whatTheNewTableHadComesBackWithTheOldOne(Database database, CaptureBy by) {
    table(database, 500);
    var before = database.value("SHOW CREATE TABLE t").replaceAll(" AUTO_INCREMENT=\\d+", "");
    var rebuilding = new Rebuilding(database).by(by);
    rebuilding.run(RESHAPE, DAY);
    assertThat(database.strings("SHOW TABLES LIKE 't%'"))
        .contains("t", "t_hal_old")
        .doesNotContain("t_hal_new", "t_hal_keys");
    database.execute(
        "UPDATE t SET amount = 1000 WHERE id = 1",
        "INSERT INTO t (id, amount, extra) VALUES (900, 5, 6)",
        "DELETE FROM t WHERE id = 2",
        "UPDATE t SET amount = 2000 WHERE id BETWEEN 10 AND 20",
        "UPDATE t SET amount = 1001 WHERE id = 1");

    rebuilding.revert("t");

    assertThat(database.value("SHOW CREATE TABLE t").replaceAll(" AUTO_INCREMENT=\\d+", ""))
        .isEqualTo(before);
    assertThat(database.value("SELECT CONCAT(qty, note) FROM t WHERE id = 1"))
        .isEqualTo("1001note 0");
    assertThat(database.value("SELECT CONCAT(qty, note) FROM t WHERE id = 900")).isEqualTo("5none");
    assertThat(database.value("SELECT COUNT(*) FROM t WHERE qty = 2000 AND note LIKE 'note 1%'"))
        .isEqualTo("10");
    assertThat(database.count("t")).isEqualTo(500);
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
    assertThat(database.strings("SHOW TABLES LIKE '%rebuild%'")).isEmpty();
    assertThatThrownBy(() -> rebuilding.revert("t")).isInstanceOf(Refusal.class);
  }

  @EngineTest
  void underLoadNoWriteIsLostOnTheWayThereAndBack(Database database, CaptureBy by)
      throws Exception {
    table(database, 1000);
    var sum = Long.parseLong(database.value("SELECT SUM(qty) FROM t"));
    var added = new AtomicLong();
    var load =
        Load.start(
            database,
            3,
            20261121,
            (random, connection) -> {
              try (var statement = connection.createStatement()) {
                var id = 1 + random.nextInt(1000);
                if (random.nextInt(3) > 0) {
                  added.addAndGet(
                      statement.executeUpdate("UPDATE t SET qty = qty + 1 WHERE id = " + id));
                } else {
                  statement.execute("INSERT INTO t (qty) VALUES (7)");
                  added.addAndGet(7);
                }
              }
            });
    var rebuilding = new Rebuilding(database).by(by);
    var pool = Executors.newSingleThreadExecutor();
    try (load) {
      load.awaitDone(50);
      rebuilding.run(TO_BIGINT, DAY);
      var atWork = new CountDownLatch(1);
      var keeper = new Rebuilding(database).by(by).atStep(Keeper.STEP, atWork::countDown);
      var keeping = CompletableFuture.supplyAsync(() -> keeper.keep("t"), pool);
      assertThat(atWork.await(30, TimeUnit.SECONDS)).isTrue();
      load.awaitDone(300);
      assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
      var report = rebuilding.revert("t");
      load.awaitDone(50);
      assertThat(keeping.get(30, TimeUnit.SECONDS).end()).isEqualTo(Kept.End.TAKEN_OVER);
      assertThat(report.stall()).isPositive();
      var _ = load.stop().requireNoErrorsBut();
    } finally {
      pool.shutdown();
    }
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
    assertThat(Long.parseLong(database.value("SELECT SUM(qty) FROM t")))
        .isEqualTo(sum + added.get());
  }

  @EngineTest
  void aKeeperThatARevertOvertakesAsItBeginsEndsQuietly(Database database) {
    table(database, 10);
    var rebuilding = new Rebuilding(database);
    rebuilding.run(TO_BIGINT, DAY);
    var keeper = new Rebuilding(database).atStep(Keeper.STEP, () -> rebuilding.revert("t"));
    var kept = keeper.keep("t");
    assertThat(kept.end()).isEqualTo(Kept.End.TAKEN_OVER);
  }

  @EngineTest
  void anAbortEndsTheKeeperThatIsAtWork(Database database) throws Exception {
    table(database, 10);
    new Rebuilding(database).run(TO_BIGINT, DAY);
    var atWork = new CountDownLatch(1);
    var keeper = new Rebuilding(database).atStep(Keeper.STEP, atWork::countDown);
    var pool = Executors.newSingleThreadExecutor();
    try {
      var keeping = CompletableFuture.supplyAsync(() -> keeper.keep("t"), pool);
      assertThat(atWork.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(new Rebuilding(database).abandon("t")).isTrue();
      assertThat(keeping.get(30, TimeUnit.SECONDS).end()).isEqualTo(Kept.End.TAKEN_OVER);
    } finally {
      pool.shutdown();
    }
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  @EngineTest
  void whatTheOldTableCannotHoldIsToldAtOnceAndMayBeMended(Database database) throws Exception {
    table(database, 20);
    var notes = new ConcurrentLinkedQueue<String>();
    var stop = new AtomicBoolean();
    new Rebuilding(database).run(RESHAPE, DAY);
    var keeper =
        new Rebuilding(database)
            .stoppedBy(stop::get)
            .listening(
                event -> {
                  if (event instanceof Event.Note(var text)) {
                    notes.add(text);
                  }
                });
    var pool = Executors.newSingleThreadExecutor();
    try {
      var keeping = CompletableFuture.supplyAsync(() -> keeper.keep("t"), pool);
      await(() -> !database.strings("SHOW PROCESSLIST").isEmpty());
      database.execute("UPDATE t SET amount = 4000000000 WHERE id = 3");
      await(() -> notes.stream().anyMatch(note -> note.contains("`id` = 3")));

      assertThatThrownBy(() -> new Rebuilding(database).keep("t")).isInstanceOf(Refusal.class);
      stop.set(true);
      assertThatThrownBy(() -> keeping.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(Failure.class);
    } finally {
      pool.shutdown();
    }
    assertThatThrownBy(() -> new Rebuilding(database).revert("t"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.DATA_DOES_NOT_FIT);
              assertThat(failure.getMessage()).contains("`id` = 3");
            });
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");

    database.execute("UPDATE t SET amount = 4 WHERE id = 3");
    new Rebuilding(database).revert("t");

    assertThat(database.value("SELECT CONCAT(qty, note) FROM t WHERE id = 3")).isEqualTo("4note 2");
  }

  @EngineTest
  void aLossThatTheServerWouldNotTellOfIsTold(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, price DECIMAL(10,2) NOT NULL)",
        "INSERT INTO t VALUES (1, 1.25), (2, 2.5)");
    var rebuilding = new Rebuilding(database);
    rebuilding.run("ALTER TABLE t MODIFY price DECIMAL(10,4) NOT NULL", DAY);
    database.execute("UPDATE t SET price = 1.2501 WHERE id = 1");

    assertThatThrownBy(() -> rebuilding.revert("t"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.getMessage()).contains("`id` = 1"));

    database.execute("DELETE FROM t WHERE id = 1");
    rebuilding.revert("t");
    assertThat(database.strings("SELECT CONCAT(id, ' ', price) FROM t")).containsExactly("2 2.50");
  }

  @EngineTest
  void aKeyThatChangesMayNotLoseWhatOnlyTheOldTableHas(Database database, CaptureBy by) {
    table(database, 10);
    var rebuilding = new Rebuilding(database).by(by);
    rebuilding.run(RESHAPE, DAY);
    database.execute("UPDATE t SET id = 77 WHERE id = 5", "UPDATE t SET amount = 1 WHERE id = 77");

    assertThatThrownBy(() -> rebuilding.revert("t"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure ->
                assertThat(failure.getMessage()).contains("`id` = 77", "its key has changed"));

    database.execute("DELETE FROM t WHERE id = 77");
    rebuilding.revert("t");
    assertThat(database.count("t")).isEqualTo(9);
  }

  @EngineTest
  void rowsThatSwapUniqueValuesFollow(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, UNIQUE KEY (v))",
        "INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)");
    var rebuilding = new Rebuilding(database);
    rebuilding.run("ALTER TABLE t MODIFY v BIGINT NOT NULL", DAY);
    database.execute(
        "UPDATE t SET v = 99 WHERE id = 1",
        "UPDATE t SET v = 10 WHERE id = 2",
        "UPDATE t SET v = 20 WHERE id = 1");
    rebuilding.revert("t");
    assertThat(database.strings("SELECT CONCAT(id, ' ', v) FROM t ORDER BY id"))
        .containsExactly("1 20", "2 10", "3 30");
  }

  /** Some deaths at writes of the state, on the way there and back. */
  @EngineTest
  void aRunThatDiesGoesOn(Database database) {
    long seed = Long.getLong("halcyon.test.seed", System.nanoTime());
    System.out.println("deaths drawn from seed " + seed);
    new Random(seed).ints(4, 1, WRITES).forEach(death -> diesAt(database, death));
  }

  @EngineTest
  @Tag("chaos")
  void aRunThatDiesAnywhereGoesOn(Database database) {
    var death = 1;
    while (diesAt(database, death)) {
      death++;
    }
    assertThat(death).isGreaterThan(WRITES);
  }

  /** Whether so many writes were made. */
  private static boolean diesAt(Database database, int death) {
    database.execute("DROP TABLE IF EXISTS t");
    table(database, 30);
    var left = new AtomicInteger(death);
    var thereDied = dies(left, rebuilding -> rebuilding.run(TO_BIGINT, DAY), database);
    var backDied =
        dies(
            left,
            rebuilding -> {
              database.execute("UPDATE t SET qty = qty + 100 WHERE id = 7");
              rebuilding.revert("t");
            },
            database);
    assertThat(database.value("SHOW CREATE TABLE t")).as("%d", death).doesNotContain("bigint");
    assertThat(database.value("SELECT MOD(qty, 100) FROM t WHERE id = 7")).isEqualTo("6");
    assertThat(Integer.parseInt(database.value("SELECT qty FROM t WHERE id = 7")))
        .isGreaterThan(100);
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
    return thereDied || backDied;
  }

  private interface Work {
    void on(Rebuilding rebuilding);
  }

  private static boolean dies(AtomicInteger left, Work work, Database database) {
    try {
      work.on(
          new Rebuilding(database)
              .afterWrite(
                  count -> {
                    if (left.decrementAndGet() == 0) {
                      throw new IllegalStateException("dies");
                    }
                  }));
      return false;
    } catch (IllegalStateException death) {
      try {
        work.on(new Rebuilding(database));
      } catch (Refusal over) {
        // The revert had come to its end.
        assertThat(over.findings().getFirst().message()).contains("No old table");
      }
      return true;
    }
  }

  @EngineTest
  void whenItsTimeIsOverTheKeepingEnds(Database database) {
    table(database, 5);
    new Rebuilding(database).run(TO_BIGINT, Duration.ofSeconds(1));
    assertThat(new Rebuilding(database).keep("t").end()).isEqualTo(Kept.End.EXPIRED);
    assertThat(new Rebuilding(database).abandon("t")).isTrue();
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  @EngineTest
  void aChangeWithoutAWayBackIsRefusedBeforeItBegins(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL, day DATE NOT NULL, v INT NOT NULL, PRIMARY KEY (id))",
        "INSERT INTO t VALUES (1, '2024-01-01', 2)");
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .run("ALTER TABLE t DROP COLUMN day, MODIFY v BIGINT NOT NULL", DAY))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("day");
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
    assertThat(database.strings("SHOW TABLES LIKE '%rebuild%'")).isEmpty();
  }
}
