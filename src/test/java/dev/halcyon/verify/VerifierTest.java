package dev.halcyon.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

final class VerifierTest {
  private static final Pace SMALL_CHUNKS =
      new Pace(Duration.ofMillis(100), Duration.ofMillis(100), 0, 7, 7);

  private static final List<Step.Verify.Fault> FAULTS =
      List.of(
          new Step.Verify.Fault(
              "differs",
              "NOT (t.b <=> UPPER(t.a)) AND NOT (t.a <=> LOWER(t.b))",
              "b is not UPPER(a)"),
          new Step.Verify.Fault("null", "t.b IS NULL", "b is NULL"));

  private static Step.Verify step(List<String> key, long rows) {
    return new Step.Verify(
        "verify.1", "verify t.b", "t", key, "t", "`t` AS `t`", FAULTS, false, rows, "HAL-501");
  }

  private static VerifyContext context(Sessions sessions, Throttle throttle, Events events) {
    return new VerifyContext(
        "1", sessions, throttle, SMALL_CHUNKS, Duration.ofSeconds(20), events, () -> false);
  }

  private static VerifyReport verify(Database database, Step.Verify step) {
    var server = server(database);
    return new Verifier(step, context(server::open, Throttle.OFF, Events.NONE)).run();
  }

  private static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  /** Rows k = 0 … rows - 1 with a sync trigger, so that b is right unless somebody tampers. */
  private static void create(Database database, String key, int rows) {
    database.execute(
        "CREATE TABLE t (k INT NOT NULL, s VARCHAR(20) CHARACTER SET latin1 NOT NULL,"
            + " y VARBINARY(4) NOT NULL, a VARCHAR(20), b VARCHAR(20), PRIMARY KEY ("
            + key
            + "), UNIQUE KEY (k))",
        "CREATE TRIGGER hal_bi BEFORE INSERT ON t FOR EACH ROW SET NEW.b = UPPER(NEW.a)");
    var values =
        IntStream.range(0, rows)
            .mapToObj(k -> "(%d, 'key %d', x'%08x', 'a%d')".formatted(k, k, k, k))
            .toList();
    for (var from = 0; from < rows; from += 5000) {
      database.execute(
          "INSERT INTO t (k, s, y, a) VALUES "
              + String.join(", ", values.subList(from, Math.min(rows, from + 5000))));
    }
  }

  @EngineTest
  void rightRowsAreClean(Database database) {
    create(database, "k", 100);
    var report = verify(database, step(List.of("k"), 100));
    assertThat(report.clean()).isTrue();
    assertThat(report.rows()).isEqualTo(100);
    assertThat(report.found())
        .extracting(VerifyReport.Found::kind)
        .containsExactly("differs", "null");
  }

  @EngineTest
  void tamperedRowsAreNamedByTheirKey(Database database) {
    create(database, "k", 100);
    database.execute("UPDATE t SET b = 'other' WHERE k IN (0, 50, 99)");
    database.execute("UPDATE t SET b = NULL WHERE k = 42");
    var report = verify(database, step(List.of("k"), 100));
    assertThat(report.clean()).isFalse();
    var differs = report.found().getFirst();
    assertThat(differs.rows()).isEqualTo(4);
    assertThat(differs.keys())
        .containsExactly(List.of("0"), List.of("42"), List.of("50"), List.of("99"));
    assertThat(report.found().getLast().keys()).containsExactly(List.of("42"));
  }

  @EngineTest
  void tamperedRowsAreNamedByCompositeStringAndBinaryKeys(Database database) {
    for (var key : List.of(List.of("s"), List.of("y"), List.of("s", "k"), List.of("y", "s", "k"))) {
      create(database, String.join(", ", key), 100);
      database.execute("UPDATE t SET b = 'other' WHERE k = 26");
      var expected =
          key.stream()
              .map(c -> c.equals("k") ? "26" : c.equals("s") ? "key 26" : "0x0000001a")
              .toList();
      var report = verify(database, step(key, 100));
      assertThat(report.rows()).isEqualTo(100);
      assertThat(report.found().getFirst().rows()).isEqualTo(1);
      assertThat(report.found().getFirst().keys()).containsExactly(expected);
      database.execute("DROP TABLE t");
    }
  }

  @EngineTest
  void manyFaultsAreCountedAndTheFirstTenNamed(Database database) {
    create(database, "k", 200);
    database.execute("UPDATE t SET b = 'other' WHERE k >= 15");
    var differs = verify(database, step(List.of("k"), 200)).found().getFirst();
    assertThat(differs.rows()).isEqualTo(185);
    assertThat(differs.keys())
        .isEqualTo(IntStream.range(15, 25).mapToObj(k -> List.of("" + k)).toList());
  }

  @EngineTest
  void twoConnectionsSeeEachRowOnce(Database database) {
    create(database, "k", 3000);
    database.execute("UPDATE t SET b = 'other' WHERE k MOD 100 = 99");
    var report = verify(database, step(List.of("k"), 1_000_000));
    assertThat(report.rows()).isEqualTo(3000);
    assertThat(report.found().getFirst().rows()).isEqualTo(30);
    assertThat(report.found().getFirst().keys())
        .isEqualTo(IntStream.range(0, 10).mapToObj(i -> List.of("" + (100 * i + 99))).toList());
  }

  @EngineTest
  void anEmptyTableIsClean(Database database) {
    create(database, "k", 0);
    assertThat(verify(database, step(List.of("k"), 0)))
        .satisfies(report -> assertThat(report.clean()).isTrue())
        .satisfies(report -> assertThat(report.rows()).isZero());
  }

  @EngineTest
  void aWalkWithoutRangeIsOneStatement(Database database) {
    create(database, "k", 20);
    database.execute("UPDATE t SET b = 'same' WHERE k IN (3, 4, 5)");
    var from = "(SELECT b, COUNT(*) AS n FROM t WHERE b IS NOT NULL GROUP BY b) AS `g`";
    var duplicate = new Step.Verify.Fault("duplicate", "g.n > 1", "b is not unique");
    var step =
        new Step.Verify(
            "verify.1",
            "verify t.b",
            "t",
            List.of("b"),
            "g",
            from,
            List.of(duplicate),
            true,
            20,
            "HAL-311");
    var found = verify(database, step).found().getFirst();
    assertThat(found.rows()).isEqualTo(1);
    assertThat(found.keys()).containsExactly(List.of("same"));
  }

  @EngineTest
  void aLostConnectionCostsNothing(Database database) {
    create(database, "k", 300);
    database.execute("UPDATE t SET b = 'other' WHERE k = 299");
    var server = server(database);
    var opened = new CopyOnWriteArrayList<Session>();
    Sessions sessions =
        purpose -> {
          var session = server.open(purpose);
          opened.add(session);
          return session;
        };
    var kills = new AtomicInteger();
    try (var killer = server.open("killer")) {
      Events events =
          event -> {
            if (event instanceof Event.StepAdvanced(var v, var s, var done, var t)
                && done % 70 == 0) {
              var _ = killer.kill(opened.getLast().connectionId());
              kills.incrementAndGet();
            }
          };
      var report =
          new Verifier(step(List.of("k"), 300), context(sessions, Throttle.OFF, events)).run();
      assertThat(report.rows()).isEqualTo(300);
      assertThat(report.found().getFirst().keys()).containsExactly(List.of("299"));
    }
    assertThat(kills.get()).isGreaterThan(2);
  }

  @EngineTest
  void itWaitsWhileThereIsNoRoom(Database database) {
    create(database, "k", 30);
    var looks = new AtomicInteger();
    Throttle throttle =
        session ->
            looks.incrementAndGet() % 3 == 2
                ? new Leeway.None("the test says so")
                : new Leeway.Full();
    var said = new ArrayList<String>();
    Events events =
        event -> {
          if (event instanceof Event.Waiting(var v, var s, var reason)) {
            said.add(reason);
          }
        };
    var server = server(database);
    var report =
        new Verifier(step(List.of("k"), 30), context(server::open, throttle, events)).run();
    assertThat(report.rows()).isEqualTo(30);
    assertThat(said).contains("the test says so");
  }

  @EngineTest
  void aRefusedStatementFailsWithTheServersWords(Database database) {
    create(database, "k", 3);
    var wrong = new Step.Verify.Fault("differs", "t.nothing = 1", "?");
    var step =
        new Step.Verify(
            "verify.1",
            "verify t.b",
            "t",
            List.of("k"),
            "t",
            "`t`",
            List.of(wrong),
            false,
            3,
            "HAL-501");
    assertThatThrownBy(() -> verify(database, step))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.code()).isEqualTo(ErrorCode.STEP_FAILED))
        .hasMessageContaining("1054");
  }

  @EngineTest
  void itStopsOnRequest(Database database) {
    create(database, "k", 100);
    var server = server(database);
    var context =
        new VerifyContext(
            "1",
            server::open,
            Throttle.OFF,
            SMALL_CHUNKS,
            Duration.ofSeconds(20),
            Events.NONE,
            () -> true);
    assertThatThrownBy(() -> new Verifier(step(List.of("k"), 100), context).run())
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.code()).isEqualTo(ErrorCode.STOPPED));
  }
}
