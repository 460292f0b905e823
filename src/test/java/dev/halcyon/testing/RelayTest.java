package dev.halcyon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

class RelayTest {

  @EngineTest
  void cutBeforeRequestKeepsItFromTheServer(Database database) throws SQLException {
    database.execute("CREATE TABLE a (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server());
        var connection = connect(relay, database)) {
      var cut = relay.cutBeforeRequest(Relay.containing("INSERT INTO a"));

      assertThatThrownBy(() -> run(connection, "INSERT INTO a VALUES (1)"))
          .isInstanceOf(SQLException.class);

      cut.await(Duration.ofSeconds(5));
      assertThat(database.count("a")).isZero();
      try (var again = connect(relay, database)) {
        run(again, "INSERT INTO a VALUES (2)");
      }
      assertThat(database.strings("SELECT id FROM a")).containsExactly("2");
    }
  }

  @EngineTest
  void cutAfterRequestLosesOnlyTheReply(Database database) throws SQLException {
    database.execute("CREATE TABLE a (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server());
        var connection = connect(relay, database)) {
      var cut = relay.cutAfterRequest(Relay.containing("insert into A"));

      assertThatThrownBy(() -> run(connection, "INSERT INTO a VALUES (1)"))
          .isInstanceOf(SQLException.class);

      assertThat(cut.happened()).isTrue();
      assertThat(database.count("a")).isOne();
      assertThat(relay.requests()).contains("INSERT INTO a VALUES (1)");
    }
  }

  @EngineTest
  void cutDuringRequestLeavesItToTheServer(Database database) throws SQLException {
    database.execute("CREATE TABLE a (id INT PRIMARY KEY)");
    try (var relay = Relay.inFrontOf(database.server());
        var connection = connect(relay, database)) {
      var cut = relay.cutDuringRequest(Relay.containing("SLEEP"));

      assertThatThrownBy(() -> run(connection, "DO SLEEP(0.3)")).isInstanceOf(SQLException.class);

      assertThat(cut.happened()).isTrue();
    }
  }

  @EngineTest
  void cutAllEndsEveryConnection(Database database) throws SQLException {
    try (var relay = Relay.inFrontOf(database.server());
        var first = connect(relay, database);
        var second = connect(relay, database)) {
      assertThat(relay.connections()).isEqualTo(2);

      relay.cutAll();

      assertThatThrownBy(() -> run(first, "DO 1")).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> run(second, "DO 1")).isInstanceOf(SQLException.class);
      assertThat(relay.connections()).isZero();
    }
  }

  @EngineTest
  void refusesNewConnectionsAndKeepsOldOnes(Database database) throws SQLException {
    try (var relay = Relay.inFrontOf(database.server());
        var old = connect(relay, database)) {
      relay.refuseNew();

      assertThatThrownBy(() -> connect(relay, database)).hasMessageContaining("refused");
      run(old, "DO 1");

      relay.acceptNew();
      connect(relay, database).close();
    }
  }

  @EngineTest
  void delaysAndSwallowsReplies(Database database) throws SQLException {
    try (var relay = Relay.inFrontOf(database.server());
        var connection = connect(relay, database)) {
      relay.delay(Duration.ofMillis(200));
      var start = System.nanoTime();
      run(connection, "DO 1");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(190));

      relay.delay(Duration.ZERO);
      relay.swallowReplies();
      connection.setNetworkTimeout(Runnable::run, 300);
      assertThatThrownBy(() -> run(connection, "DO 1")).hasStackTraceContaining("timed out");

      relay.passReplies();
      connect(relay, database).close();
    }
  }

  private static Connection connect(Relay relay, Database database) throws SQLException {
    var url =
        "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable&allowPublicKeyRetrieval=true"
            .formatted(relay.port(), database.schema());
    return DriverManager.getConnection(url, database.user(), database.password());
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
