package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

class PatientDdlTest {
  private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

  /** What a busy test machine may add. */
  private static final Duration EPSILON = Duration.ofMillis(1500);

  private final BlockingQueue<Event> waits = new ArrayBlockingQueue<>(1000);

  @EngineTest
  void ddlGivesWayUntilTheTransactionEnds(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 1)");
    assertGivesWay(
        database,
        session ->
            ddl(database, session, Duration.ofMinutes(1))
                .run("t", "ALTER TABLE t ADD COLUMN w INT"));
    assertThat(database.value("SELECT COALESCE(w, 0) FROM t")).isEqualTo("0");
  }

  @EngineTest
  void tableLocksGiveWayToo(Database database) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v INT)",
        "CREATE TABLE `od``d` (id INT PRIMARY KEY)",
        "INSERT INTO t VALUES (1, 1)");
    assertGivesWay(
        database,
        session ->
            ddl(database, session, Duration.ofMinutes(1))
                .underWriteLock(
                    List.of("od`d", "t"),
                    List.of(
                        "CREATE TRIGGER b BEFORE UPDATE ON t FOR EACH ROW SET NEW.v = NEW.v + 1",
                        "ALTER TABLE t ADD COLUMN w INT",
                        "DROP TRIGGER b")));
    assertThat(database.value("SELECT COALESCE(w, 0) FROM t")).isEqualTo("0");
  }

  @EngineTest
  void whenTheBudgetIsSpentTheNumbersAreTold(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    var server = server(database);
    try (var holder = server.open("holder");
        var session = server.open("ddl")) {
      holder.inTransaction(
          () -> {
            assertThat(holder.query("SELECT * FROM t")).hasSize(1);
            var failure =
                catchThrowableOfType(
                    Failure.class,
                    () ->
                        ddl(database, session, Duration.ofSeconds(2))
                            .run("t", "ALTER TABLE t ADD COLUMN w INT"));
            assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_WAIT);
            assertThat(failure.getMessage())
                .containsPattern(
                    "gave way \\d times, after 1 s at most, in [1-4] s \\(budget 2 s\\)")
                .contains("connection " + holder.connectionId() + " of ")
                .containsPattern("1205|1317");
          });
      ddl(database, session, Duration.ZERO).run("t", "ALTER TABLE t ADD COLUMN w INT");
    }
  }

  @EngineTest
  void longWorkIsNotLostAgainAndAgain(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    var server = server(database);
    try (var holder = server.open("holder");
        var session = server.open("ddl")) {
      holder.inTransaction(
          () -> {
            assertThat(holder.query("SELECT * FROM t")).hasSize(1);
            var patience = new Patience(LOCK_WAIT, Duration.ofMinutes(10));
            var ddl =
                new PatientDdl(
                    session,
                    server::open,
                    patience,
                    waits::add,
                    "7",
                    "expand.1",
                    Duration.ofMillis(500));
            var failure =
                catchThrowableOfType(
                    Failure.class, () -> ddl.run("t", "ALTER TABLE t ADD COLUMN w INT"));
            assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_WAIT);
            assertThat(failure.getMessage()).contains("3 times at the end of its work");
          });
    }
  }

  @EngineTest
  void aRefusalIsNotRepeated(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var session = server(database).open("ddl")) {
      var ddl = ddl(database, session, Duration.ofMinutes(1));
      assertThatThrownBy(() -> ddl.run("t", "ALTER TABLE t DROP COLUMN nix"))
          .isInstanceOfSatisfying(
              Fault.Refused.class, fault -> assertThat(fault.code()).isEqualTo(1091));
      assertThatThrownBy(
              () ->
                  ddl.underWriteLock(
                      List.of("t"),
                      List.of("ALTER TABLE t ADD COLUMN a INT", "ALTER TABLE t DROP COLUMN nix")))
          .isInstanceOf(Fault.Refused.class);
      assertThat(waits).isEmpty();
      // The lock is gone: another session writes.
      database.execute("INSERT INTO t (id) VALUES (1)");
      assertThat(database.value("SELECT COUNT(a) FROM t")).isEqualTo("0");
    }
  }

  @EngineTest
  void anInterruptStopsTheWaiting(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    var server = server(database);
    try (var holder = server.open("holder");
        var session = server.open("ddl");
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      holder.inTransaction(
          () -> {
            assertThat(holder.query("SELECT * FROM t")).hasSize(1);
            var self = new CompletableFuture<Thread>();
            var running =
                executor.submit(
                    () -> {
                      self.complete(Thread.currentThread());
                      ddl(database, session, Duration.ofMinutes(5))
                          .run("t", "ALTER TABLE t ADD COLUMN w INT");
                    });
            awaitWait();
            self.join().interrupt();
            assertThatThrownBy(running::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                    Failure.class,
                    failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STOPPED));
          });
    }
  }

  @EngineTest
  void whoHoldsTheTableIsNamedOnlyIfItMayBeSeen(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    var account = database.createUser("plain", "ALL PRIVILEGES ON {schema}.*");
    var restricted =
        Server.connect(new ConnectionSettings(database.url(), account.user(), account.password()));
    try (var holder = server(database).open("holder");
        var session = restricted.open("ddl")) {
      holder.inTransaction(
          () -> {
            assertThat(holder.query("SELECT * FROM t")).hasSize(1);
            assertThat(Blockers.of(session, "t")).contains("cannot be seen");
          });
    }
  }

  private interface Attempt {
    void on(Session session);
  }

  private void assertGivesWay(Database database, Attempt attempt) throws Exception {
    var server = server(database);
    var ended = new AtomicBoolean();
    try (var holder = server.open("holder");
        var application = server.open("application");
        var session = server.open("ddl");
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      holder.execute("START TRANSACTION");
      assertThat(holder.query("SELECT * FROM t")).hasSize(1);
      var longest = executor.submit(() -> longestUpdate(application, ended));
      var running = executor.submit(() -> attempt.on(session));
      var reason = awaitWait();
      assertThat(reason)
          .contains(database.engine() == Engine.MYSQL ? "held by " : "longest open transactions")
          .contains("connection " + holder.connectionId() + " of ")
          .contains("idle in its transaction");
      awaitWait();
      assertThat(running.isDone()).isFalse();
      holder.execute("COMMIT");
      running.get(30, TimeUnit.SECONDS);
      ended.set(true);
      assertThat(longest.get(30, TimeUnit.SECONDS)).isLessThan(LOCK_WAIT.plus(EPSILON));
    }
  }

  private static Duration longestUpdate(Session application, AtomicBoolean ended) {
    var longest = Duration.ZERO;
    while (!ended.get()) {
      var begun = System.nanoTime();
      application.update("UPDATE t SET v = v + 1 WHERE id = 1");
      var took = Duration.ofNanos(System.nanoTime() - begun);
      longest = took.compareTo(longest) > 0 ? took : longest;
    }
    return longest;
  }

  private String awaitWait() {
    try {
      var event = waits.poll(30, TimeUnit.SECONDS);
      assertThat(event)
          .isInstanceOfSatisfying(
              Event.Waiting.class,
              waiting -> {
                assertThat(waiting.version()).isEqualTo("7");
                assertThat(waiting.step()).isEqualTo("expand.1");
              });
      return event instanceof Event.Waiting waiting ? waiting.reason() : "";
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    }
  }

  private PatientDdl ddl(Database database, Session session, Duration budget) {
    Events events = waits::add;
    return new PatientDdl(
        session, server(database)::open, new Patience(LOCK_WAIT, budget), events, "7", "expand.1");
  }

  private static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }
}
