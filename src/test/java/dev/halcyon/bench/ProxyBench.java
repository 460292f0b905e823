package dev.halcyon.bench;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Halcyon's proxy beside HAProxy and beside none, in turns.
 *
 * <p>Arguments: engine; which parts of {@code text}, {@code prepared}, {@code idle}; rounds;
 * seconds of each measurement.
 */
final class ProxyBench {
  /** What passes leaves nothing behind, so that a small new generation suffices. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms64m",
          "-Xmx1g",
          "-Xmn32m",
          "-Xlog:disable",
          "--enable-native-access=ALL-UNNAMED");

  private static final List<Integer> CLIENTS = List.of(1, 8, 32);
  private static final int WARM_UP_SECONDS = 10;
  private static final int IDLE = 1000;
  private static final int HOLDS = 10;
  private static final String USER = "bench";
  private static final String PASSWORD = "bench";

  private final String schema;
  private final Way.Direct direct;
  private final Way.HaProxy haProxy;
  private final Way.Halcyon halcyon;
  private final int rounds;
  private final int seconds;

  private ProxyBench(
      String schema,
      Way.Direct direct,
      Way.HaProxy haProxy,
      Way.Halcyon halcyon,
      int rounds,
      int seconds) {
    this.schema = schema;
    this.direct = direct;
    this.haProxy = haProxy;
    this.halcyon = halcyon;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    var engine = Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    var parts = Set.of(arguments[1].split(","));
    var options =
        Options.defaults()
            .tls(false)
            .with("innodb_buffer_pool_size", "512M")
            .with("max_connections", "1500")
            .with("skip_name_resolve", "ON");
    var flags = System.getProperty("bench.flags", "");
    try (var embedded = Servers.startOwn(engine, options);
        var database = Database.fresh(embedded);
        var direct = new Way.Direct(embedded.port());
        var haProxy = Way.HaProxy.start(embedded.port());
        var halcyon =
            Way.Halcyon.start(
                embedded.port(),
                USER,
                PASSWORD,
                flags.isBlank() ? FLAGS : List.of(flags.split(" ")))) {
      createUser(database);
      var bench =
          new ProxyBench(
              database.schema(),
              direct,
              haProxy,
              halcyon,
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]));
      System.out.println(engine.label());
      bench.run(parts);
    }
  }

  private static void createUser(Database database) {
    var plugin = database.engine() == Engine.MYSQL ? "WITH mysql_native_password BY" : "BY";
    database.execute(
        "CREATE USER %s@'%%' IDENTIFIED %s '%s'".formatted(USER, plugin, PASSWORD),
        "GRANT ALL ON *.* TO " + USER + "@'%'");
  }

  private void run(Set<String> parts) throws IOException, InterruptedException, SQLException {
    load(Sysbench.POINT_SELECT, false).prepare(direct.port());
    for (var script : List.of(Sysbench.READ_WRITE, Sysbench.POINT_SELECT)) {
      for (var prepared : List.of(false, true)) {
        if (parts.contains(kind(prepared))) {
          load(script, prepared).run(halcyon.port(), 8, WARM_UP_SECONDS);
        }
      }
    }
    for (var prepared : List.of(false, true)) {
      if (parts.contains(kind(prepared))) {
        for (var script : List.of(Sysbench.POINT_SELECT, Sysbench.READ_WRITE)) {
          for (var clients : CLIENTS) {
            measure(load(script, prepared), clients);
          }
        }
      }
    }
    if (parts.contains("idle")) {
      idle();
    }
  }

  private Sysbench load(String script, boolean prepared) {
    return new Sysbench(script, USER, PASSWORD, schema, prepared);
  }

  private static String kind(boolean prepared) {
    return prepared ? "prepared" : "text";
  }

  /** The ways in turns, forwards and backwards; of the ratios of each round the middle one. */
  private void measure(Sysbench load, int clients) throws IOException, InterruptedException {
    var ways = List.<Way>of(direct, haProxy, halcyon);
    var perSecond = new double[ways.size()][rounds];
    var millis = new double[ways.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < ways.size(); turn++) {
        int way = round % 2 == 0 ? turn : ways.size() - 1 - turn;
        var result = load.run(ways.get(way).port(), clients, seconds);
        perSecond[way][round] = result.perSecond();
        millis[way][round] = result.medianMillis();
      }
    }
    var toHaProxy = ratios(perSecond[2], perSecond[1]);
    System.out.printf(
        "%-8s %-17s %2d clients: direct %6.0f/s %.2f ms, HAProxy %6.0f/s %.2f ms, Halcyon %6.0f/s"
            + " %.2f ms; to HAProxy %.2f (%s), to direct %.2f, added %.3f ms a statement%n",
        kind(load.prepared()),
        load.script(),
        clients,
        median(perSecond[0]),
        median(millis[0]),
        median(perSecond[1]),
        median(millis[1]),
        median(perSecond[2]),
        median(millis[2]),
        median(toHaProxy),
        text(toHaProxy),
        median(ratios(perSecond[2], perSecond[0])),
        (median(millis[2]) - median(millis[0])) / load.statements());
  }

  private static double[] ratios(double[] these, double[] to) {
    var ratios = new double[these.length];
    Arrays.setAll(ratios, i -> these[i] / to[i]);
    return ratios;
  }

  private static double median(double... values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String text(double... values) {
    var texts = new ArrayList<String>();
    for (var value : values) {
      texts.add("%.2f".formatted(value));
    }
    return String.join(", ", texts);
  }

  /** What sessions take that do nothing, and how long they take to be held and released. */
  private void idle() throws IOException, SQLException {
    long heap = Long.parseLong(halcyon.ask("heap"));
    memory(haProxy, haProxy.process());
    var sessions = memory(halcyon, halcyon.process());
    try {
      long more = Long.parseLong(halcyon.ask("heap")) - heap;
      System.out.printf("  of Halcyon's heap %.1f KB a session%n", more / 1e3 / IDLE);
      for (int i = 0; i < HOLDS; i++) {
        System.out.printf("  ms to hold and to release %d: %s%n", IDLE, halcyon.ask("hold"));
      }
    } finally {
      close(sessions);
    }
  }

  /** Of a process before and after; HAProxy's sessions are closed again. */
  private List<Connection> memory(Way way, Process process) throws IOException, SQLException {
    long before = Way.resident(process);
    var sessions = new ArrayList<Connection>();
    try {
      for (int i = 0; i < IDLE; i++) {
        sessions.add(
            DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable".formatted(way.port(), schema),
                USER,
                PASSWORD));
      }
      long after = Way.resident(process);
      System.out.printf(
          "%s: resident %.1f MB, with %d idle sessions %.1f MB: %.1f KB a session%n",
          way.name(), before / 1e6, IDLE, after / 1e6, (after - before) / 1e3 / IDLE);
    } finally {
      if (!way.equals(halcyon)) {
        close(sessions);
      }
    }
    return sessions;
  }

  private static void close(List<Connection> sessions) throws SQLException {
    for (var session : sessions) {
      session.close();
    }
  }
}
