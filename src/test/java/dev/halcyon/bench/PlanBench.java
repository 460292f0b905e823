package dev.halcyon.bench;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code halcyon plan} of many pending files, as a whole process. Beside it a plan of no file on
 * the same server, which is its start-up: it parses the command line, reads the settings and
 * connects. And {@code --version}, which does nothing of that.
 *
 * <p>Arguments: the launcher, engine, files, tables.
 */
final class PlanBench {
  private static final Pattern ROUND_TRIPS = Pattern.compile("\"roundTrips\":(\\d+)");
  private static final int ROUNDS = 3;

  private PlanBench() {}

  public static void main(String[] arguments) throws Exception {
    var launcher = arguments[0];
    var engine = Engine.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    var files = Integer.parseInt(arguments[2]);
    var tables = Integer.parseInt(arguments[3]);
    var folder = Files.createTempDirectory("halcyon-plan-bench");
    try (var embedded = Servers.startOwn(engine, Options.defaults());
        var database = Database.fresh(embedded)) {
      for (var table = 0; table < tables; table++) {
        database.execute(
            """
            CREATE TABLE t%d (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL,
              email VARCHAR(80), amount INT NOT NULL DEFAULT 0, placed DATETIME, KEY (email))
            """
                .formatted(table));
      }
      var migrations = Files.createDirectory(folder.resolve("migrations"));
      for (var file = 1; file <= files; file++) {
        Files.writeString(
            migrations.resolve("V%d__change.sql".formatted(file)), change(file, tables));
      }
      var environment =
          Map.of(
              "HALCYON_URL", database.url(),
              "HALCYON_USER", database.user(),
              "HALCYON_PASSWORD", database.password());
      run(folder, environment, List.of(launcher, "init"));
      var ofNothing = new HashMap<>(environment);
      ofNothing.put(
          "HALCYON_MIGRATIONS", Files.createDirectory(folder.resolve("nothing")).toString());
      for (var round = 0; round < ROUNDS; round++) {
        var version = run(folder, environment, List.of(launcher, "--version"));
        var start = run(folder, ofNothing, List.of(launcher, "plan", "--json"));
        var plan = run(folder, environment, List.of(launcher, "plan", "--json"));
        System.out.printf(
            "%s, %d files over %d tables: whole process %.2f s, %s round trips; a plan of nothing"
                + " %.2f s (%s), so %.2f s after start-up; --version %.2f s%n",
            engine.label(),
            files,
            tables,
            plan.seconds(),
            roundTrips(plan.output()),
            start.seconds(),
            roundTrips(start.output()),
            plan.seconds() - start.seconds(),
            version.seconds());
      }
    } finally {
      delete(folder);
    }
  }

  /** The kinds in turns; each change is of a column, index or table of its own. */
  private static String change(int file, int tables) {
    var table = "t" + file % tables;
    return switch (file / tables % 5) {
      case 0 -> "ALTER TABLE %s ADD COLUMN c%d INT NULL;\n".formatted(table, file);
      case 1 ->
          "ALTER TABLE %s ADD COLUMN d%d VARCHAR(20) NOT NULL DEFAULT 'x';\n"
              .formatted(table, file);
      case 2 -> "ALTER TABLE %s ADD INDEX i%d (placed, amount);\n".formatted(table, file);
      case 3 ->
          "CREATE TABLE n%d (id INT PRIMARY KEY, text VARCHAR(100) NOT NULL);\n".formatted(file);
      default -> "ALTER TABLE %s ADD COLUMN e%d DATETIME NULL;\n".formatted(table, file);
    };
  }

  private record Result(double seconds, String output) {}

  private static Result run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    var output = folder.resolve("output");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectOutput(output.toFile());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    var begun = System.nanoTime();
    var status = builder.start().waitFor();
    var seconds = (System.nanoTime() - begun) / 1e9;
    if (status != 0) {
      throw new IllegalStateException(command + " ended with " + status);
    }
    return new Result(seconds, Files.readString(output));
  }

  private static String roundTrips(String output) {
    Matcher found = ROUND_TRIPS.matcher(output);
    return found.find() ? found.group(1) : "unknown";
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
