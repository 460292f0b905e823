package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Ledger;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.Relay;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * Tables that are swapped again and again under six writers, while readers hold one of them.
 *
 * <p>Settings: {@code halcyon.test.seed}; {@code halcyon.test.cutovers}, how many on demand.
 */
class CutOversTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", 20261122);
  private static final int MANY = Integer.getInteger("halcyon.test.cutovers", 100);
  private static final int FEW = 9;
  private static final int WRITERS = 6;
  private static final long NOTABLE_NANOS = 100_000_000;
  private static final long THINK_NANOS = 1_000_000;
  private static final String TO_BIGINT = "ALTER TABLE t MODIFY v BIGINT NOT NULL";
  private static final String TO_INT = "ALTER TABLE t MODIFY v INT NOT NULL";

  /** Who holds what while the tables are swapped. */
  private enum Reader {
    NOBODY("", 0),
    /** The new table, from before the swap until after the first attempt. */
    SHADOW("t_hal_new", 400),
    TABLE("t", 120);

    private final String table;
    private final int mostMillis;

    Reader(String table, int mostMillis) {
      this.table = table;
      this.mostMillis = mostMillis;
    }
  }

  @EngineTest
  void cutOversUnderWritersAndReadersLoseNothing(Database database) {
    cutOver(database, FEW);
  }

  @EngineTest
  @Tag("chaos")
  void manyCutOversUnderWritersAndReadersLoseNothing(Database database) {
    cutOver(database, MANY);
  }

  /**
   * Somebody waits to read the new table when the RENAME comes, and holds it afterwards; and the
   * RENAME comes late. It must stand before the table's writers all the same.
   */
  @EngineTest
  void aRenameThatStandsBehindAReaderLosesNothing(Database database) {
    Ledger.create(database);
    var ledger = new Ledger(WRITERS);
    var shadow = ShadowNames.of("t").shadow();
    var reader = new FutureTask<Void>(() -> readThenHold(database, shadow));
    try (var load = Load.start(database, WRITERS, SEED, ledger::write);
        var relay = Relay.inFrontOf(database.server())) {
      load.awaitDone(100);
      var _ =
          relay.cutBeforeRequest(
              text -> {
                if (text.startsWith("RENAME TABLE")) {
                  var _ = Thread.ofPlatform().start(reader);
                  awaitInQueue(database, shadow);
                }
                return false;
              });
      new Rebuilding(database).through(relay.url(database)).run(TO_BIGINT);
      reader.get(60, TimeUnit.SECONDS);
      load.awaitDone(WRITERS);
      var _ = load.stop().requireNoErrorsBut();
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new AssertionError(failure);
    }
    ledger.requireSame(database);
  }

  private static @Nullable Void readThenHold(Database database, String shadow) throws SQLException {
    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      statement.execute("START TRANSACTION");
      try {
        statement.executeQuery("SELECT COUNT(*) FROM " + shadow).close();
      } catch (SQLException gone) {
        // Its name may have changed by now.
        return null;
      }
      statement.execute("DO SLEEP(0.3)");
      statement.execute("COMMIT");
    }
    return null;
  }

  /** For a while only: a table that is not locked any more is not waited for. */
  private static void awaitInQueue(Database database, String table) {
    try (var connection = database.connection();
        var look =
            connection.prepareStatement(
                "SELECT COUNT(*) FROM information_schema.processlist"
                    + " WHERE state LIKE '%metadata lock%' AND info LIKE ?")) {
      look.setString(1, "SELECT COUNT(*) FROM " + table);
      var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
      var waits = false;
      while (!waits && System.nanoTime() < end) {
        try (var rows = look.executeQuery()) {
          waits = rows.next() && rows.getInt(1) > 0;
        }
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void cutOver(Database database, int times) {
    Ledger.create(database);
    var ledger = new Ledger(WRITERS);
    var random = new Random(SEED);
    var waits = new Waits<>(Reader.class);
    try (var load =
        Load.start(
            database,
            WRITERS,
            SEED,
            (choice, connection) -> {
              waits.time(() -> ledger.write(choice, connection));
              // Writers that never rest take the processor from the server, and wait for that.
              LockSupport.parkNanos(THINK_NANOS);
            })) {
      load.awaitDone(100);
      for (var i = 0; i < times; i++) {
        var reader = Reader.values()[i % Reader.values().length];
        var holding = new Holding(database, reader, random);
        var report =
            new Rebuilding(database)
                .atStep(
                    CutOver.STEP,
                    () -> {
                      waits.begin();
                      holding.begin();
                    })
                .run(i % 2 == 0 ? TO_BIGINT : TO_INT);
        load.awaitDone(WRITERS);
        var longest = waits.end(reader);
        if (longest > NOTABLE_NANOS) {
          System.out.printf(
              "  %s: a write waited %.0f ms, %d attempts, %.0f ms under the lock%n",
              reader, longest / 1e6, report.attempts(), millis(report.stall()));
        }
        holding.awaitEnd();
      }
      var done = load.stop().requireNoErrorsBut();
      System.out.printf(
          "%s: %d cut-overs, %d writes, none failed, median %.1f, p99 %.1f, longest %.0f ms;"
              + " longest wait at a cut-over: %s (seed %d)%n",
          database.engine().label(),
          times,
          done.done(),
          millis(done.median()),
          millis(done.p99()),
          millis(done.longest()),
          waits,
          SEED);
    }
    ledger.requireSame(database);
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** A transaction that has read a table and goes on for a while. */
  private static final class Holding {
    private final CountDownLatch read = new CountDownLatch(1);
    private final Reader reader;
    private final FutureTask<Void> task;

    Holding(Database database, Reader reader, Random random) {
      this.reader = reader;
      var millis = 1 + random.nextInt(Math.max(1, reader.mostMillis));
      this.task =
          new FutureTask<>(
              () -> {
                try (var connection = database.connection();
                    var statement = connection.createStatement()) {
                  statement.execute("START TRANSACTION");
                  statement.executeQuery("SELECT COUNT(*) FROM " + reader.table).close();
                  read.countDown();
                  statement.execute("DO SLEEP(%d / 1000)".formatted(millis));
                  statement.execute("COMMIT");
                } catch (SQLException failure) {
                  throw new AssertionError(failure);
                }
                return null;
              });
    }

    void begin() {
      if (reader == Reader.NOBODY) {
        return;
      }
      var _ = Thread.ofPlatform().start(task);
      try {
        assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw new AssertionError(interruption);
      }
    }

    void awaitEnd() {
      if (reader != Reader.NOBODY) {
        try {
          var _ = task.get(60, TimeUnit.SECONDS);
        } catch (Exception failure) {
          throw new AssertionError("the reader", failure);
        }
      }
    }
  }
}
