package dev.halcyon.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Leeway;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.Sessions;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

final class BackfillTest {
  private static final Pace SMALL_CHUNKS =
      new Pace(Duration.ofMillis(100), Duration.ofMillis(100), 0, 10, 10);

  private static Step.Backfill step(String... statements) {
    return new Step.Backfill(
        "expand.3", "backfill t.x", "t", List.of("k"), "t", List.of(statements), true, 0);
  }

  /** Not repeatable: done twice, it shows. */
  private static Step.Backfill counting() {
    return step("UPDATE t SET x = x + 1 WHERE {range}");
  }

  private static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  private static BackfillContext context(
      Sessions sessions,
      Checkpoints checkpoints,
      Throttle throttle,
      Events events,
      BooleanSupplier stopped) {
    return new BackfillContext(
        "1",
        sessions,
        checkpoints,
        throttle,
        SMALL_CHUNKS,
        Duration.ofSeconds(30),
        events,
        stopped);
  }

  private static BackfillContext context(Database database, Checkpoints checkpoints) {
    return context(server(database)::open, checkpoints, Throttle.OFF, Events.NONE, () -> false);
  }

  private static void create(Database database, int rows) {
    database.execute(
        "CREATE TABLE t (k INT PRIMARY KEY, x INT NOT NULL DEFAULT 0, w INT NOT NULL DEFAULT 0)");
    if (rows > 0) {
      database.execute(
          "INSERT INTO t (k) VALUES "
              + IntStream.range(0, rows)
                  .mapToObj(k -> "(" + 3 * k + ")")
                  .collect(Collectors.joining(", ")));
    }
  }

  private static void assertEachRowOnce(Database database) {
    assertThat(database.strings("SELECT x, COUNT(*) FROM t WHERE x <> 1 GROUP BY x")).isEmpty();
  }

  @EngineTest
  void everyRowOnce(Database database) {
    create(database, 95);
    var events = new ArrayList<Event>();
    var server = server(database);
    var report =
        new BackfillRunner(
                counting(),
                context(
                    server::open,
                    StoredCheckpoints.create(database),
                    Throttle.OFF,
                    events::add,
                    () -> false))
            .run();
    assertThat(report.rows()).isEqualTo(95);
    assertThat(report.chunks()).isEqualTo(10);
    assertThat(events.getLast()).isEqualTo(new Event.StepAdvanced("1", "expand.3", 95, 95));
    assertEachRowOnce(database);
  }

  @EngineTest
  void emptyTableAndOneRow(Database database) {
    create(database, 0);
    var checkpoints = StoredCheckpoints.create(database);
    assertThat(new BackfillRunner(counting(), context(database, checkpoints)).run().rows())
        .isZero();
    database.execute("INSERT INTO t (k) VALUES (-5)");
    assertThat(new BackfillRunner(counting(), context(database, checkpoints)).run().rows())
        .isEqualTo(1);
    assertEachRowOnce(database);
  }

  @EngineTest
  void aFinishedBackfillIsNotDoneAgain(Database database) {
    create(database, 25);
    var checkpoints = StoredCheckpoints.create(database);
    for (var run = 0; run < 3; run++) {
      assertThat(new BackfillRunner(counting(), context(database, checkpoints)).run().rows())
          .isEqualTo(25);
    }
    assertEachRowOnce(database);
  }

  @EngineTest
  void aGrowingTableComesToAnEnd(Database database) throws SQLException {
    create(database, 50);
    var server = server(database);
    try (var writer = database.connection();
        var insert = writer.prepareStatement("INSERT INTO t (k, x) VALUES (?, 1)")) {
      var next = new AtomicInteger(1000);
      Events events =
          event -> {
            try {
              for (var i = 0; i < 20; i++) {
                insert.setInt(1, next.incrementAndGet());
                insert.executeUpdate();
              }
            } catch (SQLException failure) {
              throw new AssertionError(failure);
            }
          };
      var report =
          new BackfillRunner(
                  counting(),
                  context(
                      server::open,
                      StoredCheckpoints.create(database),
                      Throttle.OFF,
                      events,
                      () -> false))
              .run();
      assertThat(report.rows()).isEqualTo(50);
    }
    assertEachRowOnce(database);
  }

  @EngineTest
  void stoppedAndTakenUpAgain(Database database) {
    create(database, 100);
    var checkpoints = StoredCheckpoints.create(database);
    var server = server(database);
    var stop = new AtomicBoolean();
    Events stopAtHalf =
        event ->
            stop.set(
                event instanceof Event.StepAdvanced(var v, var s, var done, var t) && done >= 50);
    assertThatThrownBy(
            () ->
                new BackfillRunner(
                        counting(),
                        context(server::open, checkpoints, Throttle.OFF, stopAtHalf, stop::get))
                    .run())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.STOPPED);
              assertThat(failure.remains()).contains("50 rows are done");
            });
    assertThat(new BackfillRunner(counting(), context(database, checkpoints)).run().rows())
        .isEqualTo(100);
    assertEachRowOnce(database);
  }

  @EngineTest
  void exactlyOnceThoughTheConnectionIsKilledAtRandom(Database database) throws Exception {
    create(database, 3000);
    var seed = new Random().nextLong();
    System.out.println("exactlyOnceThoughTheConnectionIsKilledAtRandom: seed " + seed);
    var random = new Random(seed);
    var server = server(database);
    var current = new AtomicReference<@Nullable Session>();
    Sessions sessions =
        purpose -> {
          var session = server.open(purpose);
          current.set(session);
          return session;
        };
    var ended = new AtomicBoolean();
    var due = new Semaphore(1);
    var killed = new Semaphore(0);
    var killer =
        Thread.ofPlatform()
            .name("killer")
            .start(
                () -> {
                  try (var session = server.open("killer")) {
                    while (!ended.get()) {
                      due.acquire();
                      Thread.sleep(random.nextInt(10));
                      var target = current.get();
                      if (target != null) {
                        var _ = session.kill(target.connectionId());
                      }
                      killed.release();
                    }
                  } catch (InterruptedException interruption) {
                    Thread.currentThread().interrupt();
                  }
                });
    var writer = Thread.ofPlatform().name("writer").start(() -> write(database, ended, seed));
    BackfillReport report;
    try {
      report =
          new BackfillRunner(
                  counting(),
                  context(
                      sessions,
                      StoredCheckpoints.create(database),
                      Throttle.OFF,
                      event -> killEveryFive(event, due, killed),
                      () -> false))
              .run();
    } finally {
      ended.set(true);
      due.release();
      killer.join();
      writer.join();
    }
    assertThat(report.rows()).as("seed %d", seed).isEqualTo(3000);
    assertThat(report.reconnects()).as("seed %d", seed).isGreaterThan(3);
    assertEachRowOnce(database);
  }

  /** No kill is left out, however fast the chunks are. */
  private static void killEveryFive(Event event, Semaphore due, Semaphore killed) {
    if (event instanceof Event.StepAdvanced(var v, var s, var done, var t) && done % 50 == 0) {
      try {
        assertThat(killed.tryAcquire(30, TimeUnit.SECONDS)).as("the killer works").isTrue();
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
      }
      due.release();
    }
  }

  @EngineTest
  void exactlyOnceThoughTheServerDiesAndComesBack(Engine engine) {
    try (var own = Servers.startOwn(engine, Options.defaults())) {
      var database = Database.fresh(own); // its connection dies with the server
      create(database, 100);
      var checkpoints = StoredCheckpoints.create(database);
      var server = server(database);
      var died = new AtomicBoolean();
      Events events =
          event -> {
            if (event instanceof Event.StepAdvanced(var v, var s, var done, var t)
                && done >= 50
                && !died.getAndSet(true)) {
              own.kill();
              own.restart();
            }
          };
      var report =
          new BackfillRunner(
                  counting(), context(server::open, checkpoints, Throttle.OFF, events, () -> false))
              .run();
      assertThat(report.rows()).isEqualTo(100);
      assertThat(report.reconnects()).isEqualTo(1);
      try (var again = server.open("test")) {
        assertThat(again.query("SELECT DISTINCT x FROM t").toString()).isEqualTo("[{x=1}]");
      }
    }
  }

  /** An application that writes to the same rows all the while. */
  private static void write(Database database, AtomicBoolean ended, long seed) {
    var random = new Random(seed + 1);
    try (var connection = database.connection();
        var update = connection.prepareStatement("UPDATE t SET w = w + 1 WHERE k = ?")) {
      while (!ended.get()) {
        update.setInt(1, 3 * random.nextInt(3000));
        update.executeUpdate();
      }
    } catch (SQLException failure) {
      throw new AssertionError("seed " + seed, failure);
    }
  }

  @EngineTest
  void aChunkThatMeetsALockIsDoneAgain(Database database) throws SQLException {
    create(database, 30);
    var server = server(database);
    try (var holder = database.connection()) {
      holder.setAutoCommit(false);
      try (var statement = holder.createStatement()) {
        statement.execute("UPDATE t SET w = 1 WHERE k = 45");
      }
      Events releaseOnWait =
          event -> {
            if (event instanceof Event.Waiting) {
              rollBack(holder);
            }
          };
      var report =
          new BackfillRunner(
                  counting(),
                  context(
                      server::open,
                      StoredCheckpoints.create(database),
                      Throttle.OFF,
                      releaseOnWait,
                      () -> false))
              .run();
      assertThat(report.collisions()).isEqualTo(1);
    }
    assertEachRowOnce(database);
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @EngineTest
  void itWaitsWhileThereIsNoRoomAndGoesOn(Database database) {
    create(database, 40);
    var server = server(database);
    var looks = new AtomicInteger();
    var said = new ArrayList<String>();
    Throttle throttle =
        session ->
            switch (looks.incrementAndGet()) {
              case 2, 3, 4 -> new Leeway.None("the replica is away");
              case 5 -> new Leeway.Shared();
              default -> new Leeway.Full();
            };
    Events events =
        event -> {
          if (event instanceof Event.Waiting(var v, var s, var reason)) {
            said.add(reason);
          }
        };
    var report =
        new BackfillRunner(
                counting(),
                context(
                    server::open,
                    StoredCheckpoints.create(database),
                    throttle,
                    events,
                    () -> false))
            .run();
    assertThat(report.rows()).isEqualTo(40);
    assertThat(said).containsExactly("the replica is away");
    assertEachRowOnce(database);
  }

  @EngineTest
  void aRefusedChunkIsRolledBackAndSaysWhereItStands(Database database) {
    create(database, 40);
    database.execute("UPDATE t SET x = 2147483647 WHERE k = 60");
    var own =
        new Step.Backfill(
            "expand.3",
            "update t",
            "t",
            List.of("k"),
            "t",
            List.of("UPDATE t SET x = x + 1 WHERE {range}"),
            false,
            40);
    var checkpoints = StoredCheckpoints.create(database);
    assertThatThrownBy(() -> new BackfillRunner(own, context(database, checkpoints)).run())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.STEP_FAILED);
              assertThat(failure).hasMessageContaining("update t (step expand.3)");
              assertThat(failure.remains()).contains("20 rows are done, up to key (57)");
            });
    assertThat(database.value("SELECT SUM(x = 1) FROM t")).isEqualTo("20");
    database.execute("UPDATE t SET x = 0 WHERE k = 60");
    var report = new BackfillRunner(own, context(database, checkpoints)).run();
    assertThat(report.rows()).isEqualTo(40);
    assertEachRowOnce(database);
  }

  @EngineTest
  void ourOwnCopyingIsQuietAndLenient(Database database) {
    create(database, 3);
    database.execute(
        "CREATE TABLE seen (quiet INT, strict INT)",
        "CREATE TRIGGER note BEFORE UPDATE ON t FOR EACH ROW"
            + " INSERT INTO seen VALUES (@hal_quiet, 0)");
    var report =
        new BackfillRunner(
                step(
                    "SELECT k FROM t WHERE {range} FOR UPDATE",
                    "UPDATE t SET x = 1, w = CAST('no number' AS SIGNED) WHERE {range}"),
                context(database, StoredCheckpoints.create(database)))
            .run();
    assertThat(report.rows()).isEqualTo(3);
    assertThat(database.strings("SELECT DISTINCT quiet FROM seen")).containsExactly("1");
  }

  @EngineTest
  void dataStatementsRunOnce(Database database) {
    create(database, 5);
    var checkpoints = StoredCheckpoints.create(database);
    var data =
        new Step.Data(
            "expand.1",
            "insert into t",
            "t",
            List.of("INSERT INTO t (k) VALUES (1000)", "UPDATE t SET x = x + 1"));
    for (var run = 0; run < 3; run++) {
      new DataRunner(data, context(database, checkpoints)).run();
    }
    assertThat(database.count("t")).isEqualTo(6);
    assertEachRowOnce(database);
  }

  @EngineTest
  void refusedDataStatementsLeaveNothing(Database database) {
    create(database, 5);
    var data =
        new Step.Data(
            "expand.1", "update t", "t", List.of("UPDATE t SET x = 1", "UPDATE t SET nothing = 1"));
    assertThatThrownBy(
            () -> new DataRunner(data, context(database, StoredCheckpoints.create(database))).run())
        .isInstanceOf(Failure.class)
        .hasMessageContaining("1054");
    assertThat(database.value("SELECT SUM(x) FROM t")).isEqualTo("0");
  }
}
