package dev.halcyon.bench;

import dev.halcyon.cli.Main;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rebuild as it is typed, a process of its own, beside what the server does itself, on a server
 * of its own with durable commits: INT to BIGINT.
 *
 * <p>Arguments: engine, rows, and which parts: {@code idle}, {@code load}.
 */
final class RebuildBench {
  private static final int WRITES_PER_SECOND = 300;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration BEFORE = Duration.ofSeconds(10);
  private static final String CHANGE = "ALTER TABLE orders MODIFY amount_cents BIGINT NOT NULL";

  private final Database database;
  private final BenchTable table;

  /** Of the program, which writes its settings where it is run. */
  private final Path folder;

  private RebuildBench(Database database, BenchTable table) throws IOException {
    this.database = database;
    this.table = table;
    this.folder = Files.createTempDirectory(Path.of("target"), "bench-");
  }

  public static void main(String[] arguments) throws Exception {
    var engine = Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT));
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
      System.out.printf("%s, %s rows%n", engine.label(), arguments[1]);
      var table = new BenchTable(database, Long.parseLong(arguments[1]));
      table.create();
      var bench = new RebuildBench(database, table);
      if (!bench.program("init").contains("0:")) {
        throw new IllegalStateException("init failed");
      }
      if (parts.contains("idle")) {
        bench.idle(engine);
      }
      if (parts.contains("load")) {
        bench.load();
      }
    }
  }

  private void idle(Engine engine) throws IOException, InterruptedException {
    nativeWay("copy, writers wait", CHANGE + ", ALGORITHM=COPY, LOCK=SHARED");
    if (engine == Engine.MARIADB) {
      nativeWay("its own online copy", CHANGE + ", ALGORITHM=COPY, LOCK=NONE");
    }
    nativeWay("in place", "ALTER TABLE orders ENGINE=InnoDB, ALGORITHM=INPLACE, LOCK=NONE");
    for (var i = 0; i < 2; i++) {
      table.fresh(false);
      rebuild("Halcyon's rebuild");
    }
  }

  private void nativeWay(String name, String sql) {
    table.fresh(false);
    var start = System.nanoTime();
    database.execute(sql);
    System.out.printf("  %s: %.2f s%n", name, (System.nanoTime() - start) / 1e9);
  }

  private void rebuild(String name) throws IOException, InterruptedException {
    var start = System.nanoTime();
    var said = program("alter", "--way=rebuild", CHANGE);
    System.out.printf("  %s: %.2f s, %s%n", name, (System.nanoTime() - start) / 1e9, said);
  }

  private void load() throws IOException, InterruptedException {
    table.fresh(false);
    try (var writers = new PacedWriters(database, table.rows(), WRITES_PER_SECOND)) {
      Thread.sleep(WARM_UP);
      writers.forget();
      Thread.sleep(BEFORE);
      System.out.println("  " + WRITES_PER_SECOND + " writes a second, alone: " + writers.seen());
      writers.forget();
      rebuild("beside them");
      System.out.println("  meanwhile: " + writers.seen());
    }
    System.out.println(
        "  now "
            + database.value(
                "SELECT column_type FROM information_schema.columns WHERE table_schema ="
                    + " DATABASE() AND table_name = 'orders' AND column_name = 'amount_cents'"));
  }

  /** With the launcher's compiler and collector. */
  private String program(String... arguments) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)),
            Main.class.getName());
    builder.directory(folder.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("HALCYON_URL", database.url());
    builder.environment().put("HALCYON_USER", database.user());
    builder.environment().put("HALCYON_PASSWORD", database.password());
    var process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + ": " + said.strip();
  }
}
