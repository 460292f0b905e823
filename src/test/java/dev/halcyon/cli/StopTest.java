package dev.halcyon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own: asked to stop, and killed. */
class StopTest {
  private static final int ROWS_LOG2 = 14;

  @TempDir private Path folder;

  @EngineTest
  void asksToStopAtASafePointAndGoesOnByTheSameCommand(Database database)
      throws IOException, InterruptedException {
    prepare(database);
    var process = start(database, Map.of("HALCYON_CHUNK_TIME", "1ms"), "expand", "V12");
    var printed = new StringBuilder();
    try (var err = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        printed.append(line).append('\n');
        if (line.contains("hal_12_big_bu: done")) {
          process.toHandle().destroy();
        }
      }
    }

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).describedAs("%s", printed).isEqualTo(2);
    assertThat(printed)
        .contains("stopping at the next safe point", "HAL-405", "halcyon expand V12");
    var again = Shell.on(database, folder).run("halcyon expand V12");
    assertThat(again.status()).describedAs(again.err()).isZero();
    assertThat(database.value("SELECT COUNT(*) FROM big WHERE NOT (amount <=> cents / 100)"))
        .isEqualTo("0");
  }

  @EngineTest
  void isHaltedAfterAWriteOfTheJournal(Database database) throws IOException, InterruptedException {
    prepare(database);
    var process = start(database, Map.of("HALCYON_HALT_AFTER_WRITES", "4"), "expand", "V12");
    String printed;
    try (var err = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
      printed = err.lines().collect(Collectors.joining("\n"));
    }

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).describedAs(printed).isEqualTo(137);
    assertThat(Shell.on(database, folder).run("halcyon expand V12").status()).isZero();
  }

  @EngineTest
  void aPlanThatIsKilledLeavesItsScratchSchemaToTheNextRun(Database database)
      throws IOException, InterruptedException {
    prepare(database);
    database.execute("CREATE TRIGGER own BEFORE INSERT ON big FOR EACH ROW SET @x = 1");
    for (int i = 20; i < 60; i++) {
      Files.writeString(
          folder.resolve("migrations/V" + i + "__more.sql"),
          "ALTER TABLE big ADD COLUMN c" + i + " INT;\n");
    }
    var before = database.snapshot();
    var process = start(database, Map.of(), "plan");
    while (scratches(database).isEmpty() && process.isAlive()) {
      Thread.onSpinWait();
    }
    var left = scratches(database);
    process.destroyForcibly().waitFor();
    assertThat(left).hasSize(1);
    assertThat(scratches(database)).isEqualTo(left);
    // The server lets go of a lost connection's locks when it notices.
    assertThat(database.value("SELECT GET_LOCK('" + left.getFirst() + "', 30)")).isEqualTo("1");
    assertThat(database.value("SELECT RELEASE_LOCK('" + left.getFirst() + "')")).isEqualTo("1");

    var again = Shell.on(database, folder).run("halcyon plan V12");
    assertThat(again.status()).describedAs(again.err()).isZero();
    assertThat(scratches(database)).isEmpty();
    assertThat(database.snapshot()).isEqualTo(before);
  }

  private static List<String> scratches(Database database) {
    return database.strings("SHOW DATABASES LIKE 'halcyon\\_scratch\\_%'");
  }

  private void prepare(Database database) throws IOException {
    database.execute(
        "CREATE TABLE big (id INT AUTO_INCREMENT PRIMARY KEY, cents INT NOT NULL)",
        "INSERT INTO big (cents) VALUES (1)");
    for (int i = 0; i < ROWS_LOG2; i++) {
      database.execute("INSERT INTO big (cents) SELECT id FROM big");
    }
    Path migrations = Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(
        migrations.resolve("V12__amount.sql"),
        """
        -- halcyon: map big.cents -> amount up="cents / 100" down="ROUND(amount * 100)"
        ALTER TABLE big CHANGE cents amount DECIMAL(12,2) NOT NULL;
        """);
    assertThat(Shell.on(database, folder).run("halcyon init").status()).isZero();
  }

  private Process start(Database database, Map<String, String> more, String... arguments)
      throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("HALCYON_URL", database.url());
    builder.environment().put("HALCYON_USER", database.user());
    builder.environment().put("HALCYON_PASSWORD", database.password());
    builder.environment().putAll(more);
    builder.directory(folder.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }
}
