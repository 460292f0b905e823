package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.proxy.lease.SafeRelease;
import dev.halcyon.proxy.lease.ServerSights;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** Nobody renews the lease; the proxy looks at two servers and decides. */
class LeaseEndTest {
  private static final String USER = "hal_moved";
  private static final String PASSWORD = "sesame";
  private static final Duration LEASE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @EngineTest
  void clientsGoOnWhereItIsSafe(Database a) throws Exception {
    try (var server = Servers.startOwn(a.engine(), Options.defaults());
        var b = Database.fresh(server)) {
      prepare(a);
      prepare(b);
      hasEverything(b, a);
      var rule = new SafeRelease(sights(a.server(), server), Duration.ofMinutes(1));
      try (var proxy = Proxy.start(settings(a.server(), server), rule);
          var connection = connect(proxy);
          var statement = connection.createStatement()) {
        statement.execute("SET @mine = 42");

        fence(a, true);
        leave(proxy);
        awaitReleased(proxy);
        assertThat(where(statement)).isEqualTo(server.port());

        fence(b, true);
        leave(proxy);
        awaitReason(rule, "no server is known to be writable");
        fence(a, false);
        awaitReleased(proxy);
        assertThat(where(statement)).isEqualTo(a.server().port());

        if (a.engine() == Engine.MARIADB) {
          b.execute("SET GLOBAL gtid_slave_pos = ''");
          for (int i = 0; i < 100; i++) {
            a.execute("CREATE TABLE t (id INT)", "DROP TABLE t");
          }
          fence(b, false);
          fence(a, true);
          leave(proxy);
          awaitReason(rule, "b is writable but lacks transactions of a");
          assertThat(proxy.status().leaseOver()).isTrue();
          fence(b, true);
          fence(a, false);
          awaitReleased(proxy);
        }
        // Never left, and writable: whatever cannot be seen of the other.
        leave(proxy, server);
        awaitReleased(proxy);
        assertThat(where(statement)).isEqualTo(a.server().port());
        server.thaw();
      } finally {
        fence(a, false);
        a.execute("DROP USER " + USER);
      }
    }
  }

  /** Its GTIDs tell that it has not received all. */
  @EngineTest(Engine.MYSQL)
  void serverThatLacksTransactionsIsNotTaken(Engine engine) throws Exception {
    var withGtids =
        Options.defaults().with("enforce_gtid_consistency", "ON").with("gtid_mode", "ON");
    try (var one = Servers.startOwn(engine, withGtids);
        var two = Servers.startOwn(engine, withGtids);
        var a = Database.fresh(one);
        var b = Database.fresh(two)) {
      prepare(a);
      prepare(b);
      var rule = new SafeRelease(sights(one, two), Duration.ofMinutes(1));
      try (var proxy = Proxy.start(settings(one, two), rule);
          var connection = connect(proxy);
          var statement = connection.createStatement()) {
        statement.execute("SET @mine = 42");
        fence(a, true);
        leave(proxy);
        awaitReason(rule, "b is writable but lacks transactions of a");
        assertThat(proxy.status().held()).isTrue();

        b.execute("RESET MASTER");
        b.execute("SET GLOBAL gtid_purged = '" + a.value("SELECT @@GLOBAL.gtid_executed") + "'");
        awaitReleased(proxy);
        assertThat(where(statement)).isEqualTo(two.port());
      }
    }
  }

  private static void leave(Proxy proxy) throws InterruptedException {
    proxy.hold(LEASE);
    assertThat(proxy.awaitDrained(PATIENCE)).isTrue();
  }

  /** The hold must be younger than the server's last start, in whole seconds. */
  private static void leave(Proxy proxy, EmbeddedServer silent) throws InterruptedException {
    silent.freeze();
    leave(proxy);
  }

  private static void prepare(Database database) {
    database.execute(
        "CREATE USER " + USER + " IDENTIFIED BY '" + PASSWORD + "'",
        "GRANT SELECT ON " + database.schema() + ".* TO " + USER);
    if (database.engine() == Engine.MYSQL) {
      database.execute("GRANT SELECT ON performance_schema.* TO " + USER);
    }
  }

  /** As if it had replicated. */
  private static void hasEverything(Database replica, Database source) {
    if (source.engine() == Engine.MARIADB) {
      var position = source.value("SELECT @@GLOBAL.gtid_binlog_pos");
      // A thousand more, for what other sessions of the test write.
      var number = Long.parseLong(position.substring(position.lastIndexOf('-') + 1)) + 1000;
      replica.execute("SET GLOBAL gtid_slave_pos = '0-1-" + number + "'");
    }
  }

  private static void fence(Database database, boolean fenced) {
    database.execute("SET GLOBAL read_only = " + (fenced ? "ON" : "OFF"));
  }

  private static ServerSights sights(EmbeddedServer a, EmbeddedServer b) {
    return new ServerSights(Map.of("a", look(a), "b", look(b)), Duration.ofSeconds(2));
  }

  private static ConnectionSettings look(EmbeddedServer server) {
    return new ConnectionSettings(
        "jdbc:mariadb://127.0.0.1:%d/information_schema".formatted(server.port()), USER, PASSWORD);
  }

  private static ProxySettings settings(EmbeddedServer a, EmbeddedServer b) {
    var loopback = InetAddress.getLoopbackAddress();
    return new ProxySettings(
        new InetSocketAddress(loopback, 0),
        Map.of(
            "a", new InetSocketAddress(loopback, a.port()),
            "b", new InetSocketAddress(loopback, b.port())),
        "a",
        new Accounts(Map.of(USER, Secret.of(PASSWORD))));
  }

  private static Connection connect(Proxy proxy) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/?sslMode=disable&socketTimeout=60000"
            .formatted(proxy.address().getPort()),
        USER,
        PASSWORD);
  }

  private static int where(Statement statement) throws SQLException {
    try (var rows = statement.executeQuery("SELECT @@port, @mine")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(2)).isEqualTo(42);
      return rows.getInt(1);
    }
  }

  private static void awaitReleased(Proxy proxy) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (proxy.status().held()) {
      assertThat(System.nanoTime()).as(proxy.status().toString()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  private static void awaitReason(SafeRelease rule, String reason) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!rule.reason().contains(reason)) {
      assertThat(System.nanoTime()).as(rule.reason()).isLessThan(end);
      Thread.sleep(5);
    }
  }
}
