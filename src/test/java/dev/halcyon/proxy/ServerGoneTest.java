package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import dev.halcyon.testing.Servers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A server that goes away takes its sessions along, with one honest error, and no other. */
class ServerGoneTest {

  @EngineTest
  void statementUnderWayFailsOnce(Engine engine) throws Exception {
    try (var server = Servers.startOwn(engine, Options.defaults())) {
      var database = Database.fresh(server);
      try (var proxied = new ProxiedDatabase(database);
          var connection = proxied.connect("");
          var statement = connection.createStatement()) {
        var sleeps = new FutureTask<>(() -> statement.execute("SELECT SLEEP(60)"));
        Thread.ofVirtual().start(sleeps);
        proxied.awaitUnderWay(1);
        server.kill();

        assertThatThrownBy(() -> sleeps.get(20, TimeUnit.SECONDS))
            .hasCauseInstanceOf(SQLException.class);
        proxied.awaitSessions(0);
        assertThatThrownBy(() -> proxied.connect("").close())
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("cannot reach the server");

        server.restart();
        try (var again = proxied.connect("")) {
          assertThat(again.isValid(5)).isTrue();
        }
      }
    }
  }

  /**
   * The reply of a COMMIT is lost: the client knows that it does not know, and nobody repeats it.
   */
  @EngineTest
  void commitIsNeverSentTwice(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server());
        var proxied = ProxiedDatabase.behind(database, relay.port());
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      statement.execute("START TRANSACTION");
      statement.execute("INSERT INTO t VALUES (1)");
      var fault = relay.cutAfterRequest(Relay.containing("COMMIT"));

      assertThatThrownBy(() -> statement.execute("COMMIT")).isInstanceOf(SQLException.class);
      fault.await(Duration.ofSeconds(20));
      assertThatThrownBy(() -> statement.execute("DO 1")).isInstanceOf(SQLException.class);
      proxied.awaitSessions(0);

      assertThat(relay.requests()).filteredOn(text -> text.contains("COMMIT")).hasSize(1);
      try (var again = proxied.connect("");
          var rows = again.createStatement().executeQuery("SELECT COUNT(*) FROM t")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(1);
      }
    }
  }
}
