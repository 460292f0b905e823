package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Failure;
import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A table is rebuilt while the application works, and nothing is lost. */
class RebuildTest {
  private static final long SEED = 20261121;
  private static final String TO_BIGINT = "ALTER TABLE t MODIFY qty BIGINT NOT NULL";

  /** Rows with a counter each, so that a lost or doubled write shows. */
  private static void table(Database database, int rows) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, qty INT NOT NULL,"
            + " name VARCHAR(50), at TIMESTAMP NULL, KEY (name), KEY (qty))");
    for (var from = 0; from < rows; from += 500) {
      var sql = new StringBuilder("INSERT INTO t (qty, name, at) VALUES ");
      for (var i = from; i < Math.min(rows, from + 500); i++) {
        sql.append(i == from ? "" : ", ")
            .append("(" + i + ", 'name " + i + "', '2024-10-27 02:30:00')");
      }
      database.execute(sql.toString());
    }
  }

  private static Load writers(Database database, int threads, int rows) {
    var next = new AtomicLong();
    return Load.start(
        database,
        threads,
        SEED,
        (random, connection) -> {
          try (var statement = connection.createStatement()) {
            var id = 1 + random.nextInt(rows);
            var what = random.nextInt(10);
            if (what < 5) {
              statement.execute("UPDATE t SET qty = qty + 1 WHERE id = " + id);
            } else if (what < 8) {
              statement.execute("INSERT INTO t (qty, name) VALUES (7, 'new')");
            } else if (what == 8) {
              statement.execute("DELETE FROM t WHERE id = " + id);
            } else {
              statement.execute(
                  "UPDATE t SET id = " + next.decrementAndGet() + " WHERE id = " + id);
            }
          }
        });
  }

  @EngineTest
  void anIdleTableGetsItsNewShapeAndKeepsItsRows(Database database) {
    table(database, 3000);
    var before = database.strings("SELECT id, qty, name, at FROM t ORDER BY id");

    var report = new Rebuilding(database).chunks(170).run(TO_BIGINT);

    assertThat(database.strings("SELECT id, qty, name, at FROM t ORDER BY id")).isEqualTo(before);
    assertThat(report.rows()).isEqualTo(3000);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint", "KEY `name`", "KEY `qty`");
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
    assertThat(database.strings("SHOW TABLES LIKE '%rebuild%'")).isEmpty();
  }

  @EngineTest
  void noAcknowledgedWriteIsLostAndNoneFails(Database database, CaptureBy by) {
    table(database, 3000);
    var before = Long.parseLong(database.value("SELECT SUM(qty) FROM t"));
    var updates = new AtomicLong();
    var load =
        Load.start(
            database,
            4,
            SEED,
            (random, connection) -> {
              try (var statement = connection.createStatement()) {
                var id = 1 + random.nextInt(3000);
                statement.executeUpdate("UPDATE t SET qty = qty + 1 WHERE id = " + id);
                updates.incrementAndGet();
              }
            });
    try (load) {
      load.awaitDone(50);
      var report = new Rebuilding(database).by(by).chunks(40).run(TO_BIGINT);
      load.awaitDone(50);
      var seen = load.stop();

      var _ = seen.requireNoErrorsBut();
      assertThat(report.changes()).isPositive();
    }
    assertThat(Long.parseLong(database.value("SELECT SUM(qty) FROM t")))
        .isEqualTo(before + updates.get());
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  @EngineTest
  void insertsDeletesAndChangedKeysComeAlong(Database database, CaptureBy by) {
    table(database, 3000);
    try (var load = writers(database, 3, 3000)) {
      load.awaitDone(50);
      new Rebuilding(database)
          .by(by)
          .chunks(60)
          .atStep("cut-over", () -> load.awaitDone(30))
          .run(TO_BIGINT);
      load.awaitDone(20);
      var _ = load.stop().requireNoErrorsBut();
    }
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  @EngineTest
  void aRunThatDiedGoesOnWhereItWas(Database database, CaptureBy by) {
    table(database, 3000);
    try (var load = writers(database, 2, 3000)) {
      load.awaitDone(20);
      for (var point = 1; point < 60; point += 9) {
        var dies = point;
        try {
          new Rebuilding(database)
              .by(by)
              .chunks(100)
              .afterWrite(
                  count -> {
                    if (count >= dies) {
                      throw new Killed();
                    }
                  })
              .run(TO_BIGINT);
        } catch (Killed killed) {
          load.awaitDone(20);
        }
      }
      var _ = load.stop();
    }
    var rows = database.strings("SELECT id, qty, name, at FROM t ORDER BY id");
    // The last one may have died before the swap, or before the old table was dropped.
    if (!database.strings("SHOW TABLES LIKE 't\\_hal%'").isEmpty()) {
      new Rebuilding(database).by(by).run(TO_BIGINT);
    }
    assertThat(database.strings("SELECT id, qty, name, at FROM t ORDER BY id")).isEqualTo(rows);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @EngineTest
  void duplicatesUnderANewUniqueKeyAreNamedByTheirKeys(Database database) {
    table(database, 100);
    database.execute("UPDATE t SET name = 'same' WHERE id IN (17, 42)");

    assertThatThrownBy(() -> new Rebuilding(database).run("ALTER TABLE t ADD UNIQUE KEY u (name)"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("u: 17 and 42");
    assertThat(database.count("t")).isEqualTo(100);

    database.execute("UPDATE t SET name = 'other' WHERE id = 42");
    new Rebuilding(database).run("ALTER TABLE t ADD UNIQUE KEY u (name)");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("UNIQUE KEY `u`");
  }

  @EngineTest
  void duplicatesThatComeOnlyDuringTheCutOverAreNotSwallowed(Database database) {
    table(database, 100);
    var once = new AtomicInteger();
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .atStep(
                        "verify",
                        () -> {
                          if (once.getAndIncrement() == 0) {
                            database.execute("UPDATE t SET name = 'name 3' WHERE id = 50");
                          }
                        })
                    .run("ALTER TABLE t ADD UNIQUE KEY u (name)"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("name 3");
    assertThat(database.count("t")).isEqualTo(100);
  }

  @EngineTest
  void uniqueValuesMaySwapWithinOneTransaction(Database database, CaptureBy by) {
    table(database, 100);
    database.execute("ALTER TABLE t ADD UNIQUE KEY u (qty)");
    new Rebuilding(database)
        .by(by)
        .atStep(
            "verify",
            () ->
                database.execute(
                    "START TRANSACTION",
                    "UPDATE t SET qty = -1 WHERE id = 1",
                    "UPDATE t SET qty = 0 WHERE id = 2",
                    "UPDATE t SET qty = 1 WHERE id = 1",
                    "COMMIT"))
        .run(TO_BIGINT);
    assertThat(database.strings("SELECT id, qty FROM t WHERE id < 3 ORDER BY id"))
        .containsExactly("1 | 1", "2 | 0");
  }

  @EngineTest
  void aRowThatSomebodyChangesInTheShadowIsFound(Database database) {
    table(database, 300);
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .atStep(
                        "verify",
                        () ->
                            database.execute(
                                "UPDATE t_hal_new SET qty = 999 WHERE id = 77",
                                "DELETE FROM t_hal_new WHERE id = 78",
                                "INSERT INTO t_hal_new VALUES (5000, 1, 'x', NULL)"))
                    .run(TO_BIGINT))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("3 rows")
        .hasMessageContaining("77; 78; 5000");
    assertThat(database.count("t")).isEqualTo(300);
  }

  private static void tell(Database database, Control control) {
    try (var session = Rebuilding.server(database).open("control")) {
      assertThat(Rebuild.control(session, "t", control)).hasSize(1);
    }
  }

  @EngineTest
  void aPauseHoldsTheCopyAndAPostponementTheCutOver(Database database) throws Exception {
    table(database, 1000);
    var paused = new CountDownLatch(1);
    var postponed = new CountDownLatch(1);
    var rebuilding =
        new Rebuilding(database)
            .chunks(100)
            .listening(
                event -> {
                  if (event instanceof Event.StepStarted started && started.step().equals("copy")) {
                    tell(database, new Control.Pause());
                    tell(database, new Control.Postpone());
                  }
                  if (event instanceof Event.Waiting waiting) {
                    (waiting.reason().startsWith("paused") ? paused : postponed).countDown();
                  }
                });
    var run = new FutureTask<>(() -> rebuilding.run(TO_BIGINT));
    var _ = Thread.ofVirtual().start(run);
    assertThat(paused.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(database.strings("SELECT 1 FROM t_hal_new LIMIT 1")).isEmpty();
    database.execute("UPDATE t SET qty = -1 WHERE id = 500");
    tell(database, new Control.Resume());

    assertThat(postponed.await(60, TimeUnit.SECONDS)).isTrue();
    database.execute("UPDATE t SET qty = -2 WHERE id = 501", "DELETE FROM t WHERE id = 502");
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
    tell(database, new Control.CutOverNow());
    var _ = run.get();
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    assertThat(database.strings("SELECT id, qty FROM t WHERE id BETWEEN 500 AND 502 ORDER BY id"))
        .containsExactly("500 | -1", "501 | -2");
  }

  @EngineTest
  void asManyConnectionsCopyAsAreOrdered(Database database) {
    table(database, 400);
    var connections = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()";
    var before = new AtomicLong();
    var most = new AtomicLong();
    new Rebuilding(database)
        .chunks(20)
        .listening(
            event -> {
              var now = Long.parseLong(database.value(connections));
              if (event instanceof Event.StepStarted started && started.step().equals("copy")) {
                before.set(now);
                tell(database, new Control.Workers(5));
              } else if (event instanceof Event.StepAdvanced advanced
                  && advanced.step().equals("copy")) {
                most.accumulateAndGet(now, Math::max);
              }
            })
        .run(TO_BIGINT);
    assertThat(most.get()).isGreaterThanOrEqualTo(before.get() + 5);
  }

  @EngineTest
  void aRunThatIsToldToStopGoesOnWithTheNextCommand(Database database) {
    table(database, 1000);
    var rebuilding =
        new Rebuilding(database)
            .chunks(100)
            .atStep("verify", () -> tell(database, new Control.Stop()));
    assertThatThrownBy(() -> rebuilding.run(TO_BIGINT)).hasMessageContaining("stopped by");
    assertThat(database.strings("SHOW TABLES LIKE 't\\_hal\\_new'")).containsExactly("t_hal_new");
    var report = new Rebuilding(database).run(TO_BIGINT);
    assertThat(report.rows()).isEqualTo(1000);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  @EngineTest
  void foreignDdlEndsTheRun(Database database) {
    table(database, 300);
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .atStep("verify", () -> database.execute("ALTER TABLE t ADD COLUMN z INT"))
                    .run(TO_BIGINT))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("somebody");
  }
}
