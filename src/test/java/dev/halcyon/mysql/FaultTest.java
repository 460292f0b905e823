package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which fault a lost connection is, and what is retried. */
class FaultTest {
  @EngineTest
  void aChangeThatMayHaveArrivedIsOfUnknownOutcome(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server())) {
      var server = server(relay.url(database), database);
      relay.cutBeforeRequest(Relay.containing("VALUES (1)"));
      assertUnknown(server, session -> session.update("INSERT INTO t VALUES (1)"));
      relay.cutAfterRequest(Relay.containing("VALUES (2)"));
      assertUnknown(server, session -> session.update("INSERT INTO t VALUES (2)"));
      relay.cutAfterRequest(Relay.containing("ALTER TABLE"));
      assertUnknown(server, session -> session.execute("ALTER TABLE t ADD COLUMN c INT"));
      relay.cutBeforeRequest(Relay.containing("ALTER TABLE"));
      assertUnknown(server, session -> session.execute("ALTER TABLE t ADD COLUMN d INT"));
    }
    assertThat(database.strings("SELECT * FROM t")).containsExactly("2 | NULL");
  }

  @EngineTest
  void aLostReplyToCommitIsOfUnknownOutcome(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server())) {
      var server = server(relay.url(database), database);
      relay.cutAfterRequest("COMMIT"::equals);
      assertUnknown(
          server,
          session -> session.inTransaction(() -> session.update("INSERT INTO t VALUES (1)")));
      relay.cutBeforeRequest("COMMIT"::equals);
      assertUnknown(
          server,
          session -> session.inTransaction(() -> session.update("INSERT INTO t VALUES (2)")));
    }
    assertThat(database.strings("SELECT * FROM t")).containsExactly("1");
  }

  @EngineTest
  void whatLeftNoTraceIsBroken(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server())) {
      var server = server(relay.url(database), database);
      relay.cutAfterRequest(Relay.containing("SELECT 7"));
      assertBroken(server, session -> session.query("SELECT 7"));
      relay.cutAfterRequest(Relay.containing("@halcyon = 1"));
      assertBroken(server, session -> session.execute("SET @halcyon = 1"));
      relay.cutAfterRequest(Relay.containing("VALUES (1)"));
      assertBroken(
          server,
          session -> session.inTransaction(() -> session.update("INSERT INTO t VALUES (1)")));
    }
    assertThat(database.count("t")).isZero();
  }

  @EngineTest
  void patientDdlLeavesALostReplyToItsCaller(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server())) {
      var server = server(relay.url(database), database);
      for (var sql : List.of("ALTER TABLE t ADD COLUMN a INT", "ALTER TABLE t ADD COLUMN b INT")) {
        relay.cutAfterRequest(Relay.containing(sql));
        assertUnknown(
            server,
            session -> {
              var ddl =
                  new PatientDdl(
                      session, server::open, Patience.defaults(), Events.NONE, "1", "expand.1");
              if (sql.contains("COLUMN a")) {
                ddl.run("t", sql);
              } else {
                ddl.underWriteLock(List.of("t"), List.of(sql));
              }
            });
      }
    }
    assertThat(database.strings("SHOW COLUMNS FROM t")).hasSize(3);
  }

  @Test
  void numbersOfTheServerDecide() {
    assertThat(fault(1205, "HY000", true)).isInstanceOf(Fault.Transient.class);
    assertThat(fault(1213, "40001", true)).isInstanceOf(Fault.Transient.class);
    assertThat(fault(1020, "HY000", true)).isInstanceOf(Fault.Transient.class);
    assertThat(fault(3024, "HY000", true)).isInstanceOf(Fault.Refused.class);
    assertThat(fault(1317, "70100", true)).isInstanceOf(Fault.Refused.class);
    assertThat(fault(1317, "70100", false)).isInstanceOf(Fault.OutcomeUnknown.class);
    assertThat(fault(1053, "08S01", true)).isInstanceOf(Fault.OutcomeUnknown.class);
    assertThat(fault(1927, "70100", true)).isInstanceOf(Fault.OutcomeUnknown.class);
    assertThat(fault(4031, "HY000", true)).isInstanceOf(Fault.Broken.class);
    assertThat(fault(Engine.MARIADB, 4031, "HY000", true)).isInstanceOf(Fault.Refused.class);
    assertThat(fault(-1, "08000", true)).isInstanceOf(Fault.OutcomeUnknown.class);
    assertThat(fault(1220, "08000", false)).isInstanceOf(Fault.Broken.class);
  }

  @Test
  void aLongStatementIsCutShortInTheMessageOnly() {
    var sql = "INSERT INTO t VALUES " + "(1), ".repeat(500);
    var fault = new Fault.Refused(1062, "23000", "Duplicate", sql, null);
    assertThat(fault.getMessage()).hasSizeLessThan(400).startsWith("1062 (23000) Duplicate in: I");
    assertThat(fault.sql()).isEqualTo(sql);
    assertThat(fault.detail()).isEqualTo("1062 (23000) Duplicate");
  }

  private static Fault fault(int code, String state, boolean alive) {
    return fault(Engine.MYSQL, code, state, alive);
  }

  private static Fault fault(Engine engine, int code, String state, boolean alive) {
    return Faults.of(
        new SQLException("(conn=3) words", state, code),
        engine,
        "/* x */ ALTER TABLE t",
        false,
        false,
        alive);
  }

  private interface Statement {
    void on(Session session);
  }

  private static void assertUnknown(Server server, Statement statement) {
    try (var session = server.open("test")) {
      assertThatThrownBy(() -> statement.on(session)).isInstanceOf(Fault.OutcomeUnknown.class);
      assertThatThrownBy(() -> session.query("SELECT 1")).isInstanceOf(Fault.Broken.class);
    }
  }

  private static void assertBroken(Server server, Statement statement) {
    try (var session = server.open("test")) {
      assertThatThrownBy(() -> statement.on(session)).isInstanceOf(Fault.Broken.class);
    }
  }

  private static Server server(String url, Database database) {
    return Server.connect(new ConnectionSettings(url, database.user(), database.password()));
  }
}
