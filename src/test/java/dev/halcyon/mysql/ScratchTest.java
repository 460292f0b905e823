package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;

class ScratchTest {
  private static final String ALL_SCRATCHES = "SHOW DATABASES LIKE 'halcyon\\_scratch\\_%'";

  private static Session open(Database database, Account account) {
    return Server.connect(
            new ConnectionSettings(database.url(), account.user(), account.password()))
        .open("test");
  }

  private static Session open(Database database) {
    return open(database, new Account(database.user(), database.password()));
  }

  @EngineTest
  void isThereWhileOpenAndOutOfTheBinaryLog(Database database) {
    try (var session = open(database)) {
      var position = database.strings("SHOW MASTER STATUS");
      try (var scratch = Scratch.open(session, database.schema())) {
        assertThat(database.strings(ALL_SCRATCHES)).containsExactly(scratch.schema());
        assertThat(session.schema()).isEqualTo(scratch.schema());
        assertThat(scratch.logged()).isFalse();
        session.execute("CREATE TABLE t (id INT)");
      }
      assertThat(database.strings(ALL_SCRATCHES)).isEmpty();
      assertThat(session.schema()).isEqualTo(database.schema());
      assertThat(database.strings("SHOW MASTER STATUS")).isEqualTo(position);
    }
  }

  @EngineTest
  void nextRunRemovesWhatADeadOneLeft(Database database) {
    try (var killer = open(database);
        var dead = open(database)) {
      var left = Scratch.open(dead, database.schema());
      dead.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      assertThat(Scratch.removeAbandoned(killer)).as("its owner lives").isZero();

      killer.kill(dead.connectionId());
      left.close();

      assertThat(database.strings(ALL_SCRATCHES)).containsExactly(left.schema());
      awaitUnlocked(killer, left.schema());
      try (var next = open(database);
          var scratch = Scratch.open(next, database.schema())) {
        assertThat(database.strings(ALL_SCRATCHES)).containsExactly(scratch.schema());
      }
      assertThat(database.strings(ALL_SCRATCHES)).isEmpty();
    }
  }

  /** The server frees a killed connection's locks a moment after it has answered KILL. */
  private static void awaitUnlocked(Session session, String lock) {
    assertThat(session.first("SELECT GET_LOCK(?, 10) AS taken", lock).orElseThrow().isTrue("taken"))
        .isTrue();
    assertThat(session.first("SELECT RELEASE_LOCK(?) AS done", lock)).isPresent();
  }

  @EngineTest
  void anAccountThatMayNotLeaveTheLogIsLogged(Database database, Engine engine) {
    var account =
        database.createUser("plain", "ALL ON {schema}.*", "ALL ON `halcyon\\_scratch\\_%`.*");
    database.execute("CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(20))");
    try (var practice = new Practice(database, account)) {
      assertThat(practice.rehearsal().logged()).isTrue();
      var outcome = practice.plan("ALTER TABLE users ADD COLUMN c INT NULL;");
      assertThat(outcome.rehearsed()).isNotEmpty();
      assertThat(engine).isEqualTo(database.engine());
    }
    assertThat(database.strings(ALL_SCRATCHES)).isEmpty();
  }

  @EngineTest
  void anAccountThatMayNotMakeSchemasIsToldWhatToGrant(Database database) {
    var account = database.createUser("poor", "ALL ON {schema}.*");
    try (var session = open(database, account)) {
      var refusal =
          catchThrowableOfType(Refusal.class, () -> Scratch.open(session, database.schema()));
      assertThat(refusal.findings())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.code()).isEqualTo("HAL-116");
                assertThat(f.remedy()).startsWith("GRANT ALL ON `halcyon\\_scratch\\_%`.*");
              });
      assertThat(session.schema()).isEqualTo(database.schema());
    }
    assertThat(List.of()).isEqualTo(database.strings(ALL_SCRATCHES));
  }
}
