package dev.halcyon.bench;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Server;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Halcyon's backfill beside a hand-written loop, on a server of its own with durable commits.
 *
 * <p>Arguments: engine, rows, and which parts: {@code idle}, {@code bare} (idle without sync
 * triggers), {@code load}, {@code memory}.
 */
final class BackfillBench {
  private static final int WRITES_PER_SECOND = 300;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration BEFORE = Duration.ofSeconds(30);
  private static final long FEW_ROWS = 20_000;

  private final Database database;
  private final Server server;

  private BackfillBench(Database database) {
    this.database = database;
    this.server =
        Server.connect(
            new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  public static void main(String[] arguments) throws Exception {
    var engine = Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    var rows = Long.parseLong(arguments[1]);
    var parts = Set.of(arguments[2].split(","));
    var options =
        Options.defaults()
            .durable(true)
            .tls(false)
            .with("innodb_buffer_pool_size", "2G")
            .with(
                engine == Engine.MYSQL ? "innodb_redo_log_capacity" : "innodb_log_file_size", "1G");
    try (var embedded = Servers.startOwn(engine, options);
        var database = Database.fresh(embedded)) {
      System.out.printf("%s, %d rows%n", engine.label(), rows);
      var bench = new BackfillBench(database);
      var table = new BenchTable(database, rows);
      table.create();
      if (parts.contains("bare")) {
        bench.idle(table, false);
      }
      if (parts.contains("idle")) {
        bench.idle(table, true);
      }
      if (parts.contains("load")) {
        bench.load(table);
      }
      if (parts.contains("memory")) {
        bench.memory(table);
        database.execute("DROP TABLE source, checkpoints");
        var few = new BenchTable(database, FEW_ROWS);
        few.create();
        bench.memory(few);
      }
    }
  }

  /** The best loop by hand runs before and after Halcyon, so that a slow disk hits both. */
  private void idle(BenchTable table, boolean trigger) throws SQLException {
    var best = Double.MAX_VALUE;
    var bestSize = 0;
    for (var size : List.of(1000, 5000, 20_000)) {
      var seconds = byHand(table, trigger, size);
      if (seconds < best) {
        best = seconds;
        bestSize = size;
      }
    }
    var halcyon = halcyon(table, trigger);
    best = Math.min(best, byHand(table, trigger, bestSize));
    halcyon = Math.min(halcyon, halcyon(table, trigger));
    System.out.printf(
        "  best of each%s: by hand %.2f s, Halcyon %.2f s: %.2f times%n",
        with(trigger), best, halcyon, halcyon / best);
  }

  private double halcyon(BenchTable table, boolean trigger) {
    table.fresh(trigger);
    var start = System.nanoTime();
    var report = BackfillProcess.run(server, Pace.DEFAULT);
    var seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "  Halcyon%s: %.2f s in %d chunks; wrong rows: %d%n",
        with(trigger), seconds, report.chunks(), table.wrong());
    return seconds;
  }

  private static String with(boolean trigger) {
    return trigger ? " with sync triggers" : "";
  }

  /** What one writes when one writes it by hand. */
  private double byHand(BenchTable table, boolean trigger, int size) throws SQLException {
    table.fresh(trigger);
    var start = System.nanoTime();
    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      for (var from = 1L; from <= table.rows(); from += size) {
        statement.executeUpdate(
            BenchTable.UPDATE.replace(
                "{range}", "id BETWEEN " + from + " AND " + (from + size - 1)));
      }
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("  by hand, %d rows a chunk%s: %.2f s%n", size, with(trigger), seconds);
    return seconds;
  }

  private void load(BenchTable table) throws IOException, InterruptedException {
    table.fresh(true);
    try (var writers = new PacedWriters(database, table.rows(), WRITES_PER_SECOND)) {
      Thread.sleep(WARM_UP);
      writers.forget();
      Thread.sleep(BEFORE);
      var before = writers.seen();
      System.out.println("  " + WRITES_PER_SECOND + " writes a second, alone: " + before);
      writers.forget();
      var start = System.nanoTime();
      child();
      var seconds = (System.nanoTime() - start) / 1e9;
      var during = writers.seen();
      System.out.printf("  beside Halcyon's backfill (%.1f s): %s%n", seconds, during);
      writers.forget();
      Thread.sleep(BEFORE);
      var after = writers.seen();
      System.out.println("  alone again: " + after);
      System.out.printf(
          "  p99 is %.2f times that of before, %.2f times that of afterwards%n",
          during.p99Millis() / before.p99Millis(), during.p99Millis() / after.p99Millis());
    }
    System.out.println("  wrong rows: " + table.wrong());
  }

  private void memory(BenchTable table) throws IOException, InterruptedException {
    table.fresh(true);
    child();
  }

  /** As users run it: a process of its own, with the launcher's compiler and collector. */
  private void child() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                BackfillProcess.class.getName(),
                database.url(),
                database.user(),
                database.password())
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the process ended with " + process.exitValue());
    }
  }
}
