package dev.halcyon.bench;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A rebuild as it is typed beside what others do, on a server of its own with durable commits: INT
 * to BIGINT. Each is tried in turns, so that a machine that grows slower does so for all.
 *
 * <p>Arguments: engine, rows, which parts ({@code idle}, {@code load}, {@code hot}), rounds.
 */
final class RebuildBench {
  private static final int WRITES_PER_SECOND = 300;
  private static final int HOT_WRITES_PER_SECOND = 2500;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration BEFORE = Duration.ofSeconds(10);

  private final Database database;
  private final BenchTable table;
  private final Peers peers;

  private RebuildBench(Database database, BenchTable table)
      throws IOException, InterruptedException {
    this.database = database;
    this.table = table;
    this.peers = new Peers(database);
  }

  public static void main(String[] arguments) throws Exception {
    var engine = Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    var parts = Set.of(arguments[2].split(","));
    var rounds = Integer.parseInt(arguments[3]);
    var options =
        Options.defaults()
            .durable(true)
            .tls(false)
            .with("innodb_buffer_pool_size", "2G")
            .with(
                engine == Engine.MYSQL ? "innodb_redo_log_capacity" : "innodb_log_file_size", "1G");
    try (var embedded = Servers.startOwn(engine, options);
        var database = Database.fresh(embedded)) {
      System.out.printf("%s, %s rows%n", engine.label(), arguments[1]);
      var table = new BenchTable(database, Long.parseLong(arguments[1]));
      table.create();
      var bench = new RebuildBench(database, table);
      if (parts.contains("idle")) {
        bench.idle(rounds);
      }
      if (parts.contains("load")) {
        bench.load(rounds);
      }
      if (parts.contains("hot")) {
        bench.hot();
      }
    }
  }

  private void idle(int rounds) throws IOException, InterruptedException {
    var walls = new LinkedHashMap<String, List<Double>>();
    for (var round = 0; round < rounds; round++) {
      for (var peer : peers.all().entrySet()) {
        table.fresh(false);
        var usage = Usage.of(database.server().processId(), peer.getValue());
        System.out.printf("  %s: %s %s%n", peer.getKey(), usage, peers.said());
        walls.computeIfAbsent(peer.getKey(), _ -> new ArrayList<>()).add(usage.wall());
      }
    }
    tellRatios(walls);
  }

  private static void tellRatios(Map<String, List<Double>> walls) {
    var halcyon = walls.getOrDefault(Peers.HALCYON, List.of());
    walls.forEach(
        (name, others) -> {
          var ratios = new ArrayList<String>();
          for (var i = 0; i < halcyon.size(); i++) {
            ratios.add("%.2f".formatted(halcyon.get(i) / others.get(i)));
          }
          System.out.printf("  Halcyon to %s: %s%n", name, String.join(", ", ratios));
        });
  }

  private void load(int rounds) throws IOException, InterruptedException {
    var walls = new LinkedHashMap<String, List<Double>>();
    for (var round = 0; round < rounds; round++) {
      for (var peer : peers.all().entrySet()) {
        if (!peer.getKey().equals(Peers.COPY)) {
          var usage = beside(peer.getKey(), peer.getValue(), WRITES_PER_SECOND);
          walls.computeIfAbsent(peer.getKey(), _ -> new ArrayList<>()).add(usage.wall());
        }
      }
    }
    tellRatios(walls);
  }

  private Usage beside(String name, Usage.Work work, int rate)
      throws IOException, InterruptedException {
    table.fresh(false);
    try (var writers = new PacedWriters(database, table.rows(), rate)) {
      Thread.sleep(WARM_UP);
      writers.forget();
      Thread.sleep(BEFORE);
      var alone = writers.seen();
      writers.forget();
      var usage = Usage.of(database.server().processId(), work);
      var seen = writers.seen();
      System.out.printf("  %s: %s %s%n", name, usage, peers.said());
      System.out.printf(
          "    writes: %s; %.0f a second%n    before: %s%n",
          seen, seen.writes() / usage.wall(), alone);
      return usage;
    }
  }

  /** Changes that come as fast as the rebuild has to take them along; commits are not durable. */
  private void hot() throws IOException, InterruptedException {
    database.execute("SET GLOBAL sync_binlog = 0", "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    System.out.printf("%d writes a second, not durable%n", HOT_WRITES_PER_SECOND);
    var _ = beside(Peers.HALCYON, peers.rebuild(), HOT_WRITES_PER_SECOND);
  }
}
