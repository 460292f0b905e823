package dev.halcyon.demo;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.embedded.Replication;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.CatchUp;
import dev.halcyon.pair.Fence;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import dev.halcyon.proxy.Proxy;
import dev.halcyon.proxy.ProxySettings;
import dev.halcyon.proxy.lease.SafeRelease;
import dev.halcyon.proxy.lease.ServerSights;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.ScriptParser;
import dev.halcyon.sql.SourceFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Two servers in circular replication, west the active one, with the orders of a shop; and the
 * proxy before them. For one thread.
 */
final class PairScenery implements AutoCloseable {
  /** Only copying the table makes it: the server must compute and store a value for each row. */
  static final String CHANGE = "ALTER TABLE orders ADD COLUMN total INT AS (pieces * cents) STORED";

  private static final String SCHEMA = "shop";
  private static final String WEST = "west";
  private static final String EAST = "east";
  private static final String CLIENT = "shop";
  private static final String OWN = "halcyon";
  private static final String PASSWORD = "secret of a demo";
  private static final int ROWS_AT_ONCE = 1_000;
  private static final Duration CATCH_UP = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Duration TURN_AWAY = Duration.ofMinutes(5);

  private static final String ORDERS =
      """
      CREATE TABLE orders (
        id BIGINT NOT NULL AUTO_INCREMENT,
        client INT NOT NULL,
        number BIGINT NOT NULL,
        pieces INT NOT NULL,
        cents INT NOT NULL,
        PRIMARY KEY (id),
        KEY (client, number)
      )""";

  private final EmbeddedServer west;
  private final EmbeddedServer east;
  private final Pair pair;
  private final Proxy proxy;

  private PairScenery(EmbeddedServer west, EmbeddedServer east, int rows) {
    this.west = west;
    this.east = east;
    try (var there = root(west, "information_schema").open("demo pair");
        var here = root(east, "information_schema").open("demo pair")) {
      Replication.follow(east).forEach(there::execute);
      Replication.follow(west).forEach(here::execute);
      Fence.close(here);
      accounts(there);
      there.execute("CREATE DATABASE " + SCHEMA);
      there.execute("USE " + SCHEMA);
      there.execute(ORDERS);
      fill(there, rows);
      requireApplied(here, there);
    }
    this.pair = new Pair(member(WEST, west), member(EAST, east));
    this.proxy = startProxy();
  }

  /** Starts everything; nobody is at work yet. */
  static PairScenery open(DemoSettings settings) {
    var west = start(settings, 1);
    try {
      var east = start(settings, 2);
      try {
        return new PairScenery(west, east, settings.users());
      } catch (RuntimeException failure) {
        east.close();
        throw failure;
      }
    } catch (RuntimeException failure) {
      west.close();
      throw failure;
    }
  }

  private static EmbeddedServer start(DemoSettings settings, int serverId) {
    var distribution = settings.distribution();
    var options = Options.defaults().tls(false);
    return EmbeddedServer.start(
        distribution, Replication.options(distribution.engine(), options, serverId));
  }

  Pair pair() {
    return pair;
  }

  Proxy proxy() {
    return proxy;
  }

  /** By way of the proxy, as an account that a fence stops. */
  Server door() {
    return Server.connect(
        new ConnectionSettings(
            "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable"
                .formatted(proxy.address().getPort(), SCHEMA),
            CLIENT,
            PASSWORD));
  }

  /** The change file, read as any other. */
  Script script() {
    return ScriptParser.parse(
            west.engine(), SCHEMA, List.of(new SourceFile("V1__order_total.sql", CHANGE + ";\n")))
        .scripts()
        .getFirst();
  }

  String describe() {
    return "%s at 127.0.0.1:%d and %d, clients at 127.0.0.1:%d"
        .formatted(west.engine().label(), west.port(), east.port(), proxy.address().getPort());
  }

  /** Fences the active server and waits until the other one has all that it has written. */
  void settle() {
    try (var one = pair.first().open("demo audit");
        var other = pair.second().open("demo audit")) {
      var active = Fence.closed(one) ? other : one;
      var passive = active == one ? other : one;
      Fence.close(active);
      requireApplied(passive, active);
    }
  }

  private static void requireApplied(Session replica, Session source) {
    if (!CatchUp.reached(replica, CatchUp.position(source), CATCH_UP)) {
      throw new IllegalStateException("One server does not catch up with the other one");
    }
  }

  private static void accounts(Session session) {
    for (var user : List.of(CLIENT, OWN)) {
      session.execute("CREATE USER %s@'%%' IDENTIFIED BY '%s'".formatted(user, PASSWORD));
    }
    session.execute("GRANT ALL ON %s.* TO %s@'%%'".formatted(SCHEMA, CLIENT));
    if (session.engine() == Engine.MYSQL) {
      for (var table : List.of("user_variables_by_thread", "threads")) {
        session.execute("GRANT SELECT ON performance_schema.%s TO %s@'%%'".formatted(table, OWN));
      }
    }
  }

  /** Orders 1 and following of client 0. */
  private static void fill(Session session, int rows) {
    for (int from = 1; from <= rows; from += ROWS_AT_ONCE) {
      var values = new StringJoiner(", ");
      for (int number = from; number < from + ROWS_AT_ONCE && number <= rows; number++) {
        values.add("(0, %d, %d, %d)".formatted(number, 1 + number % 9, 100 + number % 977));
      }
      session.execute("INSERT INTO orders (client, number, pieces, cents) VALUES " + values);
    }
  }

  private Proxy startProxy() {
    var loopback = InetAddress.getLoopbackAddress();
    var servers = new LinkedHashMap<String, InetSocketAddress>();
    servers.put(WEST, new InetSocketAddress(loopback, west.port()));
    servers.put(EAST, new InetSocketAddress(loopback, east.port()));
    var sights = new LinkedHashMap<String, ConnectionSettings>();
    pair.members().forEach(member -> sights.put(member.name(), member.settings()));
    return Proxy.start(
        new ProxySettings(
            new InetSocketAddress(loopback, 0),
            servers,
            WEST,
            new Accounts(Map.of(CLIENT, Secret.of(PASSWORD), OWN, Secret.of(PASSWORD))),
            TlsSettings.NONE),
        new SafeRelease(new ServerSights(sights, LOOK), TURN_AWAY));
  }

  private static Member member(String name, EmbeddedServer server) {
    return new Member(name, settings(server, SCHEMA));
  }

  private static Server root(EmbeddedServer server, String schema) {
    return Server.connect(settings(server, schema));
  }

  private static ConnectionSettings settings(EmbeddedServer server, String schema) {
    return new ConnectionSettings(
        server.url(schema) + "?sslMode=disable", server.user(), server.password());
  }

  @Override
  public void close() {
    try {
      proxy.close();
    } finally {
      try {
        east.close();
      } finally {
        west.close();
      }
    }
  }
}
