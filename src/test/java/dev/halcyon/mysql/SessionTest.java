package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;

class SessionTest {
  private static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  @EngineTest
  void readsEachTypeAsTheServerGivesIt(Database database) {
    database.execute(
        "CREATE TABLE v (i INT, u BIGINT UNSIGNED, t TINYINT(1), d DECIMAL(30,5), f DOUBLE,"
            + " c VARCHAR(20), b VARBINARY(20), bits BIT(9), y YEAR, dt DATETIME(6), day DATE,"
            + " tm TIME(3), e ENUM('x','y'), txt LONGTEXT, z INT)");
    database.execute(
        "INSERT INTO v VALUES (-7, 18446744073709551615, 2, 12345678901234567890.12345, 1.5,"
            + " 'grün 🌊', x'00ff', b'100000001', 2024, '2024-02-29 23:59:59.123456',"
            + " '2024-02-29', '-100:00:01.5', 'y', 'long', NULL)");
    try (var session = server(database).open("test")) {
      var row = session.first("SELECT * FROM v").orElseThrow();

      assertThat(row.value("I")).isEqualTo(-7L);
      assertThat(row.value("u")).isEqualTo(new BigInteger("18446744073709551615"));
      assertThat(row.longValue("t")).isEqualTo(2);
      assertThat(row.value("d")).isEqualTo(new BigDecimal("12345678901234567890.12345"));
      assertThat(row.value("f")).isEqualTo(1.5);
      assertThat(row.string("c")).isEqualTo("grün 🌊");
      assertThat(row.bytes("b")).containsExactly(0, -1);
      assertThat(row.bytes("bits")).containsExactly(1, 1);
      assertThat(row.longValue("y")).isEqualTo(2024);
      assertThat(row.string("dt")).isEqualTo("2024-02-29 23:59:59.123456");
      assertThat(row.string("day")).isEqualTo("2024-02-29");
      assertThat(row.string("tm")).isEqualTo("-100:00:01.500");
      assertThat(row.string("e")).isEqualTo("y");
      assertThat(row.string(14)).isEqualTo("long");
      assertThat(row.isNull("z")).isTrue();
      assertThat(row.stringOrNull("z")).isNull();
      assertThatThrownBy(() -> row.string("z")).hasMessageContaining("is NULL");
      assertThatThrownBy(() -> row.string("nothing")).hasMessageContaining("no column nothing");
    }
  }

  @EngineTest
  void aValueReadFindsItsRowAgain(Database database) {
    database.execute(
        "CREATE TABLE k (u BIGINT UNSIGNED, d DECIMAL(20,3), c VARCHAR(9), b VARBINARY(9),"
            + " dt DATETIME(6), day DATE, tm TIME(6), f DOUBLE)",
        "INSERT INTO k VALUES (18446744073709551614, 1.100, 'a''\\\\?', x'00ff27',"
            + " '2024-02-29 00:00:00', '2024-01-01', '-10:00:00', 1e300)");
    try (var session = server(database).open("test")) {
      var row = session.first("SELECT * FROM k").orElseThrow();
      for (var column : new String[] {"u", "d", "c", "b", "dt", "day", "tm", "f"}) {
        var found = session.query("SELECT 1 FROM k WHERE " + column + " = ?", row.value(column));
        assertThat(found).as(column).hasSize(1);
      }
    }
  }

  @EngineTest
  void textWithoutArgumentsIsSentAsItIs(Database database) {
    try (var session = server(database).open("test")) {
      var row = session.first("SELECT '?' AS q, '{fn now()}' AS b, 1 /* { ? */ AS n").orElseThrow();
      assertThat(row.values()).containsExactly("?", "{fn now()}", 1L);
      session.execute("CREATE TABLE w (a VARCHAR(20) DEFAULT '{d ''x''}?', b INT)");
      assertThat(session.update("INSERT INTO w (b) VALUES (1)")).isEqualTo(1);
      assertThat(session.first("SELECT a FROM w").orElseThrow().string("a")).isEqualTo("{d 'x'}?");
    }
  }

  @EngineTest
  void countsOnlyRowsThatReallyChanged(Database database) {
    database.execute(
        "CREATE TABLE c (id INT PRIMARY KEY, v INT)", "INSERT INTO c VALUES (1,1),(2,2)");
    try (var session = server(database).open("test")) {
      assertThat(session.update("UPDATE c SET v = ?", 1)).isEqualTo(1);
      assertThat(session.update("UPDATE c SET v = ? WHERE id = ?", null, 2)).isEqualTo(1);
    }
  }

  @EngineTest
  void keepsTheServersOwnSettings(Database database) {
    try (var session = server(database).open("test")) {
      var row =
          session
              .first(
                  "SELECT @@SESSION.sql_mode = @@GLOBAL.sql_mode AS mode, @@autocommit AS auto,"
                      + " @@SESSION.time_zone = @@GLOBAL.time_zone AS zone,"
                      + " @@character_set_client AS charset, @@SESSION.wait_timeout AS wait")
              .orElseThrow();
      assertThat(row.longValue("mode")).isEqualTo(1);
      assertThat(row.longValue("auto")).isEqualTo(1);
      assertThat(row.longValue("zone")).isEqualTo(1);
      assertThat(row.string("charset")).isEqualTo("utf8mb4");
      assertThat(row.longValue("wait")).isGreaterThanOrEqualTo(28_800);
      assertThat(session.schema()).isEqualTo(database.schema());
      assertThat(session.engine()).isEqualTo(database.engine());
      assertThat(session.version().major()).isEqualTo(database.engine() == Engine.MYSQL ? 8 : 11);
      session.setLockWait(Duration.ofMillis(1200));
      assertThat(
              session
                  .first("SELECT @@lock_wait_timeout, @@innodb_lock_wait_timeout")
                  .orElseThrow()
                  .values())
          .containsExactly(2L, 2L);
      assertThat(session.alive()).isTrue();
    }
  }

  @EngineTest
  void aTransactionCommitsOrRollsBack(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var session = server(database).open("test")) {
      long changed = session.inTransaction(() -> session.update("INSERT INTO t VALUES (1)"));
      assertThat(changed).isEqualTo(1);
      assertThatThrownBy(
              () ->
                  session.inTransaction(
                      () -> {
                        session.update("INSERT INTO t VALUES (2)");
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      assertThat(database.count("t")).isEqualTo(1);
      assertThatThrownBy(() -> session.inTransaction(() -> session.inTransaction(() -> {})))
          .hasMessageContaining("do not nest");
      session.inTransaction(() -> session.execute("INSERT INTO t VALUES (3)"));
      assertThat(database.count("t")).isEqualTo(2);
    }
  }

  @EngineTest
  void aRefusalCarriesTheServersWords(Database database) {
    try (var session = server(database).open("test")) {
      var fault =
          catchThrowableOfType(Fault.Refused.class, () -> session.query("SELECT * FROM nix"));
      assertThat(fault.code()).isEqualTo(1146);
      assertThat(fault.sqlState()).isEqualTo("42S02");
      assertThat(fault.words()).startsWith("Table '").contains("nix");
      assertThat(fault.sql()).isEqualTo("SELECT * FROM nix");
      assertThat(fault).hasMessageStartingWith("1146 (42S02) Table '");
    }
  }

  @EngineTest
  void aLockWaitPasses(Database database) {
    database.execute("CREATE TABLE l (id INT PRIMARY KEY, v INT)", "INSERT INTO l VALUES (1,1)");
    var server = server(database);
    try (var holder = server.open("test");
        var waiter = server.open("test")) {
      waiter.setLockWait(Duration.ofSeconds(1));
      holder.inTransaction(
          () -> {
            holder.update("UPDATE l SET v = 2");
            assertThatThrownBy(() -> waiter.update("UPDATE l SET v = 3"))
                .isInstanceOf(Fault.Transient.class);
            assertThatThrownBy(() -> waiter.execute("ALTER TABLE l ADD COLUMN w INT"))
                .isInstanceOfSatisfying(
                    Fault.Transient.class, fault -> assertThat(fault.code()).isEqualTo(1205));
          });
    }
  }

  @EngineTest
  void aKilledSessionKnowsThatItIsBroken(Database database) {
    var server = server(database);
    try (var killer = server.open("killer");
        var victim = server.open("victim")) {
      assertThat(killer.kill(victim.connectionId())).isTrue();
      assertThatThrownBy(() -> victim.first("SELECT 1")).isInstanceOf(Fault.Broken.class);
      assertThatThrownBy(() -> victim.execute("CREATE TABLE never (id INT)"))
          .isInstanceOf(Fault.Broken.class);
      assertThat(victim.alive()).isFalse();
      // The server goes on listing what it is just about to end.
      while (killer.kill(victim.connectionId())) {
        Thread.onSpinWait();
      }
    }
  }

  @EngineTest
  void aTransactionLostBeforeCommitIsBrokenAndRolledBack(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    var server = server(database);
    try (var killer = server.open("killer");
        var victim = server.open("victim")) {
      assertThatThrownBy(
              () ->
                  victim.inTransaction(
                      () -> {
                        victim.update("INSERT INTO t VALUES (1)");
                        killer.kill(victim.connectionId());
                        victim.update("INSERT INTO t VALUES (2)");
                      }))
          .isInstanceOf(Fault.Broken.class);
      assertThat(database.count("t")).isZero();
    }
  }

  @EngineTest
  void anUnboundedResultIsAMistake(Database database) {
    database.execute(
        "CREATE TABLE n (d INT)", "INSERT INTO n VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
    try (var session = server(database).open("test")) {
      assertThatThrownBy(() -> session.query("SELECT 1 FROM n a, n b, n c, n d, n e, n f"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("200000");
      assertThat(
              session
                  .first("SELECT 5 AS five FROM n a, n b, n c, n d, n e")
                  .orElseThrow()
                  .longValue("five"))
          .isEqualTo(5);
    }
  }
}
