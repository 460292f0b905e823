package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.sql.SQLException;
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
}
