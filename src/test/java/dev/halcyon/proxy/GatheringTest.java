package dev.halcyon.proxy;

import static dev.halcyon.proxy.Later.later;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Only who begins a transaction waits for those that are open. */
class GatheringTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);

  @EngineTest
  void othersGoOnUntilTheTransactionEnds(Database database) throws Exception {
    table(database);
    try (var proxied = new ProxiedDatabase(database);
        var open = transaction(proxied);
        var connection = proxied.connect("");
        var binary = proxied.connect("&useServerPrepStmts=true");
        var older = proxied.connect("&deprecateEof=false");
        var insert = binary.prepareStatement("INSERT INTO t VALUES (?)")) {
      proxied.proxy.hold(LEASE);
      var status = proxied.proxy.status();
      assertThat(status.gathering()).isTrue();
      assertThat(status.allHeldFor()).isZero();
      assertThat(status.drained()).isFalse();
      assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();

      for (int i = 10; i < 13; i++) {
        execute(connection, "INSERT INTO t VALUES (%d)".formatted(i));
        insert.setInt(1, 10 * i);
        insert.executeUpdate();
        execute(older, "SELECT * FROM t");
        try (var comes = proxied.connect("")) {
          execute(comes, "SET @x = 1; DO @x");
        }
      }
      var begins = later(() -> connection.setAutoCommit(false));
      proxied.awaitParked(1);
      assertThat(proxied.proxy.status().gathering()).isTrue();
      execute(older, "DELETE FROM t WHERE id >= 100");
      assertThat(begins.isDone()).isFalse();

      open.commit();
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      status = proxied.proxy.status();
      assertThat(status.gathering()).isFalse();
      assertThat(status.allHeldFor()).isPositive();
      var writes = later(() -> execute(older, "INSERT INTO t VALUES (4)"));
      proxied.awaitParked(2);
      assertThat(database.count("t")).isEqualTo(4);
      proxied.proxy.release();
      begins.get(20, TimeUnit.SECONDS);
      writes.get(20, TimeUnit.SECONDS);
      assertThat(proxied.proxy.status().allHeldFor()).isZero();
    }
  }

  /** Without autocommit each statement would begin one. */
  @EngineTest
  void whoWouldBeginOneWaits(Database database) throws Exception {
    table(database);
    for (var text :
        List.of("BEGIN", "LOCK TABLES t WRITE", "SELECT GET_LOCK('g', 1)", "SELECT * FROM t")) {
      try (var proxied = new ProxiedDatabase(database);
          var open = transaction(proxied);
          var connection = proxied.connect("")) {
        connection.setAutoCommit(!text.startsWith("SELECT *"));
        execute(connection, "SET @mine = 7");
        proxied.proxy.hold(LEASE);
        var waits = later(() -> execute(connection, text));
        proxied.awaitParked(1);
        assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();
        open.rollback();
        assertThat(proxied.proxy.awaitDrained(PATIENCE)).as(text).isTrue();
        assertThat(waits.isDone()).isFalse();
        proxied.proxy.release();
        waits.get(20, TimeUnit.SECONDS);
      }
    }
  }

  /** It stands still, so its state is carried while the others still work. */
  @EngineTest
  void whoWaitsIsCarriedAndGoesOnThere(Database database) throws Exception {
    table(database);
    try (var two = new TwoServers(database)) {
      two.there.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      var account = two.account("gathered");
      try (var proxied = two.proxied(TlsSettings.NONE);
          var open = transaction(proxied, account);
          var connection = proxied.connect(account, "");
          var works = proxied.connect(account, "")) {
        execute(connection, "SET @mine = 'carried', time_zone = '+03:30'");
        assertThat(proxied.proxy.prepare("b", PATIENCE).complete()).isTrue();
        for (var goesOn : List.of(true, false)) {
          proxied.proxy.hold(LEASE);
          var begins = later(() -> execute(connection, "BEGIN"));
          proxied.awaitParked(1);
          execute(works, "SET @works = CONCAT('x', COALESCE(@works, ''))");
          execute(open, "DELETE FROM t WHERE id = 1");
          if (goesOn) { // given up: what was carried is not used
            proxied.proxy.release();
            begins.get(20, TimeUnit.SECONDS);
            assertThat(where(connection)).isEqualTo("1 carried +03:30");
            execute(connection, "COMMIT");
            assertThat(proxied.proxy.prepare("b", PATIENCE).complete()).isTrue();
            continue;
          }
          open.commit();
          assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
          var moves = proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE);
          assertThat(moves.complete()).as(moves.toString()).isTrue();
          proxied.proxy.release();
          begins.get(20, TimeUnit.SECONDS);
          execute(connection, "INSERT INTO t VALUES (77)");
          assertThat(two.there.count("t")).isZero();
          execute(connection, "COMMIT");
          assertThat(two.there.count("t")).isEqualTo(1);
          assertThat(where(connection)).isEqualTo("77 carried +03:30");
          try (var rows = works.createStatement().executeQuery("SELECT @works")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("xx");
          }
        }
      }
    }
  }

  /** Who gives up waiting for it, or is no more, holds everybody. */
  @EngineTest
  void itEndsWithTheGraceAndWithTheLease(Database database) throws Exception {
    table(database);
    try (var proxied = new ProxiedDatabase(database);
        var open = transaction(proxied);
        var connection = proxied.connect("")) {
      var asked = new CountDownLatch(1);
      proxied.leaseEnd =
          () -> {
            asked.countDown();
            return Decision.KEEP_HOLDING;
          };
      proxied.proxy.hold(Duration.ofMillis(300));
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(proxied.proxy.status().gathering()).isFalse();
      var waits = later(() -> execute(connection, "DO 1"));
      proxied.awaitParked(1);
      proxied.proxy.release();
      waits.get(20, TimeUnit.SECONDS);

      proxied.proxy.hold(LEASE);
      execute(connection, "DO 1");
      assertThat(proxied.proxy.closeStragglers(PATIENCE)).isTrue();
      assertThat(proxied.proxy.status().sessions()).hasSize(1);
      assertThat(open.isValid(5)).isFalse();
      proxied.proxy.release();
    }
  }

  private static void table(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
  }

  private static Connection transaction(ProxiedDatabase proxied) throws SQLException {
    return begun(proxied.connect(""));
  }

  private static Connection transaction(ProxiedDatabase proxied, Account account)
      throws SQLException {
    return begun(proxied.connect(account, ""));
  }

  private static Connection begun(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    execute(connection, "INSERT INTO t VALUES (1)");
    return connection;
  }

  private static String where(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT CONCAT_WS(' ', @@server_id, @mine, @@time_zone)")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static void execute(Connection connection, String text) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : text.split("; ")) {
        statement.execute(sql);
      }
    }
  }
}
