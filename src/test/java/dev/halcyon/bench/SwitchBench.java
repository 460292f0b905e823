package dev.halcyon.bench;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.proxy.SwitchingRun;
import dev.halcyon.testing.ServerPair;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How long clients are held while the proxy leads them to another server.
 *
 * <p>Arguments: engine; which parts of {@code clients} (64 that work, proxy and clients in one
 * process) and {@code idle} (1,000 that do not, the proxy in a process of its own); seconds of the
 * first part.
 */
final class SwitchBench {
  /** The collector that the launcher takes. */
  private static final List<String> FLAGS =
      List.of("-Xms64m", "-Xmx64m", "-XX:+UseSerialGC", "-Xshare:auto");

  private static final int IDLE = 1000;
  private static final int MOVES = 10;
  private static final String USER = "bench";
  private static final String PASSWORD = "bench";

  private SwitchBench() {}

  public static void main(String[] arguments) throws Exception {
    var engine = Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    var parts = Set.of(arguments[1].split(","));
    System.out.println(engine.label());
    if (parts.contains("clients")) {
      System.out.println(SwitchingRun.of(engine, Integer.parseInt(arguments[2])));
    }
    if (parts.contains("idle")) {
      idle(engine);
    }
  }

  private static void idle(Engine engine) throws Exception {
    var options = Options.defaults().tls(false).with("max_connections", "2500");
    try (var pair = ServerPair.start(engine, options)) {
      var plugin = engine == Engine.MYSQL ? "WITH mysql_native_password BY" : "BY";
      pair.execute(
          "a",
          "CREATE USER %s@'%%' IDENTIFIED %s '%s'".formatted(USER, plugin, PASSWORD),
          "GRANT ALL ON *.* TO " + USER + "@'%'",
          "CREATE DATABASE bench");
      pair.awaitApplied("b", Duration.ofSeconds(30));
      int a = pair.server("a").port();
      int b = pair.server("b").port();
      try (var halcyon = Way.Halcyon.start(a, b, USER, PASSWORD, FLAGS)) {
        move(halcyon);
      }
    }
  }

  private static void move(Way.Halcyon halcyon) throws Exception {
    long heap = Long.parseLong(halcyon.ask("heap"));
    long before = Way.resident(halcyon.process());
    var sessions = new ArrayList<Connection>();
    try {
      for (int i = 0; i < IDLE; i++) {
        sessions.add(open(halcyon.port(), i));
      }
      long after = Way.resident(halcyon.process());
      long more = Long.parseLong(halcyon.ask("heap")) - heap;
      System.out.printf(
          "%d idle sessions: resident %.1f MB, before %.1f MB, %.1f KB a session, of it heap %.1f"
              + " KB%n",
          IDLE, after / 1e6, before / 1e6, (after - before) / 1e3 / IDLE, more / 1e3 / IDLE);
      for (int i = 0; i < MOVES; i++) {
        System.out.printf("  ms to prepare and to be held: %s%n", halcyon.ask("move"));
      }
      System.out.printf("  afterwards resident %.1f MB%n", Way.resident(halcyon.process()) / 1e6);
    } finally {
      for (var session : sessions) {
        session.close();
      }
    }
  }

  private static Connection open(int port, int number) throws SQLException {
    var connection =
        DriverManager.getConnection(
            "jdbc:mariadb://127.0.0.1:%d/bench?sslMode=disable".formatted(port), USER, PASSWORD);
    try (var statement = connection.createStatement()) {
      statement.execute("SET @number = %d, SESSION lock_wait_timeout = 77".formatted(number));
    }
    return connection;
  }
}
