package dev.halcyon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Each test leaks on purpose and sees the check find it, then the check around it find nothing. */
class LeakCheckTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @EngineTest
  void findsSchemasAccountsAndConnectionsAndRemovesThem(Database database) throws SQLException {
    try (var check = LeakCheck.before(database.server())) {
      database.execute("CREATE DATABASE hal_scratch_1", "CREATE USER leaked_user");
      var leaked = database.connection();
      try (var statement = leaked.createStatement()) {
        statement.execute("DO GET_LOCK('leaked lock', 1)");
      }

      assertThatThrownBy(() -> check.assertNothingLeft(SHORT))
          .hasMessageContaining("schema hal_scratch_1")
          .hasMessageContaining("account 'leaked_user'@'%'")
          .hasMessageContaining("connection ")
          .hasMessageContaining("of root@127.0.0.1")
          .satisfies(
              failure -> {
                if (database.engine() == Engine.MYSQL) {
                  assertThat(failure).hasMessageContaining("user lock leaked lock");
                }
              });

      assertThat(leaked.isValid(1)).isFalse();
      assertThatCode(check::assertNothingLeft).doesNotThrowAnyException();
    }
  }

  @EngineTest
  void findsTablesOfOursInSystemSchemas(Database database) {
    try (var check = LeakCheck.before(database.server())) {
      database.execute("CREATE TABLE mysql.halcyon_step (id INT)");

      assertThatThrownBy(() -> check.assertNothingLeft(SHORT))
          .hasMessageContaining("mysql.halcyon_step");
    }
  }

  @Test
  void findsThreads() throws InterruptedException {
    var end = new CountDownLatch(1);
    var check = ThreadCheck.before();
    var thread =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
              }
            },
            "halcyon-heartbeat");
    thread.setDaemon(true);
    thread.start();

    assertThatThrownBy(() -> check.assertNothingLeft(SHORT))
        .hasMessageContaining("halcyon-heartbeat");

    end.countDown();
    thread.join();
    assertThatCode(() -> check.assertNothingLeft(SHORT)).doesNotThrowAnyException();
  }

  @EngineTest
  void findsServersOfTheTestsOwn(Engine engine) {
    try (var check = LeakCheck.before(Servers.shared(engine))) {
      var own = Servers.startOwn(engine, Options.defaults());

      assertThatThrownBy(() -> check.assertNothingLeft(SHORT)).hasMessageContaining("own server");

      assertThat(own.alive()).isFalse();
    }
  }
}
