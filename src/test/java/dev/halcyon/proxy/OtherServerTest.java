package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Move;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Two servers that are not quite the same. */
class OtherServerTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CROWD = 200;

  @EngineTest
  void onlyThoseGoWhoAreTheSameThere(Engine engine) throws Exception {
    var options =
        Options.defaults().with("server_id", "77").with("sql_mode", "NO_ENGINE_SUBSTITUTION");
    try (var first = Servers.startOwn(engine, Options.defaults());
        var second = Servers.startOwn(engine, options);
        var here = Database.fresh(first);
        var there = Database.fresh(second)) {
      there.execute("CREATE DATABASE " + here.schema() + " CHARACTER SET utf8mb4");
      var account = here.createUser("local", "SELECT ON {schema}.*");
      try (var proxied = proxied(here, second.port(), account)) {
        someStay(proxied, account);
        thereGoes(proxied);
        moveOnTheWayIn(proxied);
        crowd(proxied);
      }
      try (var proxied = proxied(here, second.port(), account)) {
        firstServerDies(proxied);
      }
      there.execute("DROP DATABASE " + here.schema());
      first.restart();
      here.reconnect();
    }
  }

  private static ProxiedDatabase proxied(Database database, int other, Account account) {
    return new ProxiedDatabase(
        database,
        InetAddress.getLoopbackAddress(),
        other,
        TlsSettings.NONE,
        ProxiedDatabase.known(database, account));
  }

  /** The account is unknown there. Either nobody moves, or it is closed. */
  private static void someStay(ProxiedDatabase proxied, Account account) throws Exception {
    try (var stays = proxied.connect(account, "");
        var goes = proxied.connect("")) {
      assertThat(proxied.proxy.prepare("b", PATIENCE).exceptions())
          .singleElement()
          .satisfies(OtherServerTest::accessDenied);
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      var kept = proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE);
      assertThat(kept.complete()).isFalse();
      assertThat(kept.exceptions()).singleElement().satisfies(OtherServerTest::accessDenied);
      proxied.proxy.release();
      assertThat(serverId(stays)).isEqualTo(1);
      assertThat(serverId(goes)).isEqualTo(1);

      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      var closed = proxied.proxy.repoint("b", Immovable.CLOSE, PATIENCE);
      assertThat(closed.complete()).isTrue();
      assertThat(closed.sessions()).extracting(Move::fate).contains(Fate.CLOSED, Fate.MOVED);
      proxied.proxy.release();
      assertThatThrownBy(() -> serverId(stays)).isInstanceOf(SQLException.class);
      assertThat(serverId(goes)).isEqualTo(77);
    }
    assertThat(proxied.move().complete()).isTrue();
  }

  private static void accessDenied(Move move) {
    assertThat(move.fate()).isEqualTo(Fate.KEPT);
    assertThat(move.user()).startsWith("local");
    assertThat(move.reason()).contains("the server refuses the login");
  }

  /** Defaults that differ are the server's; what decides on the meaning of statements stays. */
  private static void thereGoes(ProxiedDatabase proxied) throws Exception {
    try (var connection = proxied.connect("");
        var lacking = proxied.connect("");
        var statement = lacking.createStatement()) {
      String before = value(connection, "SELECT @@sql_mode");
      assertThat(proxied.move().complete()).isTrue();
      assertThat(value(connection, "SELECT @@sql_mode")).isEqualTo(before).isNotEmpty();
      assertThat(serverId(connection)).isEqualTo(77);
      statement.execute("CREATE DATABASE halcyon_only_there");
      statement.execute("USE halcyon_only_there");
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      assertThat(proxied.proxy.repoint("a", Immovable.GIVE_UP, PATIENCE).exceptions())
          .singleElement()
          .satisfies(
              move -> assertThat(move.reason()).contains("its schema is refused: error 1049"));
      proxied.proxy.release();
      statement.execute("DROP DATABASE halcyon_only_there");
      statement.execute("USE " + proxied.database.schema());
      assertThat(proxied.move().exceptions()).isEmpty();
    }
  }

  /** Greeted by the one server, let in by the other. */
  private static void moveOnTheWayIn(ProxiedDatabase proxied) throws Exception {
    var database = proxied.database;
    try (var client = new RawClient(proxied.proxy.address())) {
      assertThat(proxied.move().complete()).isTrue();
      byte[] answer =
          client.login(database.user(), database.password(), database.schema(), RawClient.PLAIN);
      assertThat(answer[0]).isZero();
      assertThat(client.answer("SELECT CONCAT('server ', @@server_id)", RawClient.PLAIN))
          .last()
          .asString()
          .endsWith("server 77");
    }
    assertThat(proxied.move().complete()).isTrue();
  }

  private static void crowd(ProxiedDatabase proxied) throws Exception {
    var database = proxied.database;
    var clients = new ArrayList<RawClient>();
    try {
      for (int i = 0; i < CROWD; i++) {
        var client = new RawClient(proxied.proxy.address());
        clients.add(client);
        client.login(database.user(), database.password(), database.schema(), RawClient.PLAIN);
        client.answer("SET @a = " + i, RawClient.PLAIN);
      }
      assertThat(proxied.proxy.prepare("b", PATIENCE).exceptions()).isEmpty();
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      long began = System.nanoTime();
      assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).exceptions()).isEmpty();
      var took = Duration.ofNanos(System.nanoTime() - began);
      proxied.proxy.release();
      System.err.println("HALCYON: " + CROWD + " sessions moved in " + took.toMillis() + " ms");
      assertThat(took).isLessThan(Duration.ofSeconds(5));
      for (int i = 0; i < CROWD; i++) {
        assertThat(clients.get(i).answer("SELECT @a", RawClient.PLAIN))
            .last()
            .asString()
            .endsWith("" + i);
      }
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
    proxied.awaitSessions(0);
    assertThat(proxied.move().complete()).isTrue();
  }

  /** Nobody is led on with half a state; who waits with a command is told once. */
  private static void firstServerDies(ProxiedDatabase proxied) throws Exception {
    try (var idle = proxied.connect("");
        var parked = proxied.connect("");
        var statement = parked.createStatement()) {
      assertThat(proxied.proxy.prepare("b", PATIENCE).complete()).isTrue();
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      var waits = new FutureTask<>(() -> statement.execute("SELECT 1"));
      Thread.ofVirtual().start(waits);
      proxied.awaitParked(1);
      proxied.database.server().kill();
      assertThatThrownBy(() -> waits.get(20, TimeUnit.SECONDS))
          .rootCause()
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("The server has closed the connection");
      proxied.awaitSessions(0);
      assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
      proxied.proxy.release();
      assertThatThrownBy(() -> serverId(idle)).isInstanceOf(SQLException.class);
      try (var next = proxied.connect("")) {
        assertThat(serverId(next)).isEqualTo(77);
      }
    }
  }

  private static int serverId(Connection connection) throws SQLException {
    return Integer.parseInt(value(connection, "SELECT @@server_id"));
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
