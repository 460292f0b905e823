package dev.halcyon.bench;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A rebuild of a large table beside many writes, for as long as it takes: what memory the program
 * has meanwhile, how the writers fare, and that no row is missing in the end.
 *
 * <p>Arguments: engine, rows, writes a second, seconds between two looks.
 */
final class SoakBench {
  private SoakBench() {}

  public static void main(String[] arguments) throws Exception {
    var engine = Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    var rate = Integer.parseInt(arguments[2]);
    var between = Duration.ofSeconds(Long.parseLong(arguments[3]));
    var options =
        Options.defaults()
            .durable(false)
            .tls(false)
            .with("innodb_buffer_pool_size", "2G")
            .with("binlog_expire_logs_seconds", "3600")
            .with(
                engine == Engine.MYSQL ? "innodb_redo_log_capacity" : "innodb_log_file_size", "2G");
    try (var embedded = Servers.startOwn(engine, options);
        var database = Database.fresh(embedded)) {
      var table = new BenchTable(database, Long.parseLong(arguments[1]));
      System.out.printf("%s, %s rows, %d writes a second%n", engine.label(), arguments[1], rate);
      table.create();
      database.execute("RENAME TABLE source TO orders", "ANALYZE TABLE orders");
      run(database, table, rate, between);
    }
  }

  private static void run(Database database, BenchTable table, int rate, Duration between)
      throws IOException, InterruptedException {
    var peers = new Peers(database);
    var looking = look(System.nanoTime(), between);
    var writers = new PacedWriters(database, table.rows(), rate);
    try (writers) {
      var usage = Usage.of(database.server().processId(), peers.rebuild());
      System.out.printf("  %s %s%n  writes: %s%n", usage, peers.said(), writers.seen());
    } finally {
      looking.interrupt();
    }
    System.out.printf(
        "  rows: %d, expected %d%n", database.count("orders"), table.rows() + writers.inserted());
  }

  private static Thread look(long start, Duration between) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                while (true) {
                  Thread.sleep(between);
                  System.out.printf(
                      "  %4d s: resident %s%n",
                      Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                      ProcessHandle.current()
                          .children()
                          .filter(child -> child.info().command().orElse("").endsWith("java"))
                          .map(child -> Usage.megabytes(child.pid(), "VmRSS") + " MB")
                          .collect(Collectors.joining(" ")));
                }
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
