package dev.halcyon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

class LeaseTest {
  private static final LeaseTimes QUICK =
      new LeaseTimes(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(20));

  @EngineTest
  void secondRunIsRefusedAndToldWhoHoldsTheLease(Database database) {
    var server = prepared(database);
    try (var first = acquire(server, "expand V12")) {
      assertThatThrownBy(() -> acquire(server, "expand V13"))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> {
                assertThat(refusal.exitStatus()).isEqualTo(ExitStatus.LEASE_HELD);
                assertThat(refusal.getMessage())
                    .contains(ErrorCode.LEASE_HELD.code(), "\"halcyon expand V12\"", ", since 20");
              });
      assertThat(first.token()).isEqualTo(1);
    }
    try (var second = acquire(server, "expand V13")) {
      assertThat(second.token()).isEqualTo(2);
    }
    assertThat(database.value("SELECT held FROM halcyon_lease")).isEqualTo("0");
  }

  @EngineTest
  void needsInit(Database database) {
    var server = server(database);
    assertThatThrownBy(() -> acquire(server, "expand"))
        .hasMessageContaining(ErrorCode.NOT_INITIALISED.code());
  }

  @EngineTest
  void deadRunIsSucceededOnceItsStatementHasEnded(Database database) {
    var server = prepared(database);
    try (var dead = server.open("dead run")) {
      pretendHeldBy(database, ServerConnection.print(Set.of(ServerConnection.of(dead))), 0);
      var sleeping = CompletableFuture.supplyAsync(() -> killed(dead, "DO SLEEP(60)"));
      await(() -> running(database, dead).equals("1"));

      try (var lease = acquire(server, "expand V12")) {
        assertThat(running(database, dead)).isEqualTo("0");
        assertThat(lease.token()).isEqualTo(8);
        assertThat(sleeping.join()).isTrue();
      }
    }
  }

  @EngineTest
  void holderOnVanishedHostIsSucceededWhenItsLeaseHasExpired(Database database) {
    var server = prepared(database);
    try (var vanished = server.open("vanished")) {
      var name = LeaseAcquisition.lockName(database.schema());
      assertThat(LeaseAcquisition.lock(vanished, name, Duration.ZERO)).isTrue();
      var connection = ServerConnection.print(Set.of(ServerConnection.of(vanished)));

      pretendHeldBy(database, connection, 0);
      assertThatThrownBy(() -> acquire(server, "expand")).isInstanceOf(Refusal.class);

      pretendHeldBy(database, connection, 60);
      try (var lease = acquire(server, "expand")) {
        assertThat(lease.token()).isEqualTo(8);
      }
    }
  }

  @EngineTest
  void whereTheLockTellsNothingTheHeartbeatDecides(Database database) {
    var server = prepared(database);
    pretendHeldBy(database, "elsewhere:3306/17/5", 0);
    var refused = new CountDownLatch(1);
    var alive =
        CompletableFuture.runAsync(
            () -> {
              try (var other = server.open("beats")) {
                await(() -> lockTaken(other, database.schema()));
                do {
                  other.update("UPDATE halcyon_lease SET revision = revision + 1");
                } while (!isOver(refused));
              }
            });
    assertThatThrownBy(() -> acquire(server, "expand"))
        .hasMessageContaining(ErrorCode.LEASE_HELD.code());
    refused.countDown();
    alive.join();

    try (var lease = acquire(server, "expand")) {
      assertThat(lease.token()).isEqualTo(8);
    }
  }

  private static boolean isOver(CountDownLatch latch) {
    try {
      return latch.await(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @EngineTest
  void formerHolderCanNeitherWriteNorConnect(Database database) {
    var server = prepared(database);
    try (var lease = acquire(server, "expand");
        var journal = new Journal(lease, "test", count -> {})) {
      journal.applied("before", "c");
      database.execute("UPDATE halcyon_lease SET token = token + 1");

      assertFenced(() -> journal.applied("after", "c"));
      assertFenced(() -> lease.open("work"));
      await(() -> isFenced(lease::check));
    }
    assertThat(database.strings("SELECT name FROM halcyon_repeatable")).containsExactly("before");
    assertThat(database.value("SELECT held FROM halcyon_lease")).isEqualTo("1");
  }

  @EngineTest
  void leaseOutlivesItsConnection(Database database) {
    var server = prepared(database);
    try (var lease = acquire(server, "expand V12")) {
      var before = database.value("SELECT connections FROM halcyon_lease");
      var id = ServerConnection.parse(before).iterator().next().id();
      database.execute("KILL " + id);
      var name = LeaseAcquisition.lockName(database.schema());
      await(
          () ->
              !database.value("SELECT connections FROM halcyon_lease").equals(before)
                  && !database
                      .value("SELECT COALESCE(IS_USED_LOCK('" + name + "'), 0)")
                      .equals("0"));

      lease.check();
      assertThatThrownBy(() -> acquire(server, "expand V13")).isInstanceOf(Refusal.class);
    }
  }

  private static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  private static Server prepared(Database database) {
    var server = server(database);
    try (var session = server.open("init")) {
      JournalTables.create(session);
    }
    return server;
  }

  private static Lease acquire(Server server, String command) {
    return Lease.acquire(server, Holder.current(command), QUICK, Events.NONE);
  }

  private static void pretendHeldBy(Database database, String connections, int secondsAgo) {
    database.execute(
        """
        UPDATE halcyon_lease SET token = 7, held = 1, host = 'h', process = 1, holder = 'ann',
          command = 'expand V1', connections = '%s', acquired_at = UTC_TIMESTAMP(6),
          heartbeat_at = UTC_TIMESTAMP(6) - INTERVAL %d SECOND
        """
            .formatted(connections, secondsAgo));
  }

  private static String running(Database database, Session session) {
    return database.value(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%' AND id = "
            + session.connectionId());
  }

  private static boolean killed(Session session, String sql) {
    try {
      session.execute(sql);
      return false;
    } catch (Fault fault) {
      return true;
    }
  }

  private static boolean lockTaken(Session session, String schema) {
    return session
        .first("SELECT IS_USED_LOCK(?) AS id", LeaseAcquisition.lockName(schema))
        .map(row -> !row.isNull("id"))
        .orElse(false);
  }

  private static void assertFenced(Runnable work) {
    assertThat(isFenced(work)).isTrue();
  }

  private static boolean isFenced(Runnable work) {
    try {
      work.run();
      return false;
    } catch (Failure failure) {
      assertThat(failure.code()).isEqualTo(ErrorCode.FENCED);
      return true;
    }
  }

  private static void await(BooleanSupplier condition) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited 20 s").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
