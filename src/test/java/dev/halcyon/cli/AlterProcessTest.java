package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code halcyon alter} in a process of its own, which is interrupted or killed, and typed again.
 */
class AlterProcessTest {
  private static final int ROWS_LOG2 = 15;
  private static final String WIDER = "ALTER TABLE t MODIFY v BIGINT NOT NULL";

  /** What a kill leaves as the status of a process. */
  private static final int KILLED = 128 + 9;

  @TempDir private Path folder;

  private void prepare(Database database) {
    database.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT NOT NULL, KEY (v))",
        "INSERT INTO t (v) VALUES (1)");
    for (var i = 0; i < ROWS_LOG2; i++) {
      database.execute("INSERT INTO t (v) SELECT v + 1 FROM t");
    }
    assertThat(Shell.on(database, folder).run("halcyon init").status()).isZero();
  }

  private Child start(Database database, String... arguments) throws IOException {
    return Child.start(
        folder,
        Map.of(
            "HALCYON_URL",
            database.url(),
            "HALCYON_USER",
            database.user(),
            "HALCYON_PASSWORD",
            database.password(),
            "HALCYON_CHUNK_TIME",
            "1ms"),
        arguments);
  }

  private Shell.Result run(Database database, String line) {
    return Shell.on(database, folder).run(line);
  }

  @EngineTest(Engine.MARIADB)
  void killedWhileItKeepsAndWhileItRevertsItGoesOn(Database database) throws Exception {
    prepare(database);
    try (var keeping = start(database, "alter", "--keep", WIDER)) {
      await(keeping, () -> "keep".equals(phase(database)));
      database.execute("UPDATE t SET v = -1 WHERE id = 4");
      kill(keeping);
    }
    database.execute("UPDATE t SET v = -2 WHERE id = 6");
    try (var again = start(database, "alter", "--keep", "t")) {
      await(again, () -> database.value("SELECT v FROM t_hal_old WHERE id = 6").equals("-2"));
      database.execute("DELETE FROM t WHERE id = 7");
      assertThat(run(database, "halcyon alter --control=pause t").status()).isZero();
      try (var reverting = start(database, "alter", "--revert", "t")) {
        await(reverting, () -> "verify".equals(phase(database)));
        kill(reverting);
      }
      assertThat(run(database, "halcyon alter --control=resume t").status()).isZero();
      var reverted = run(database, "halcyon alter --revert t");
      assertThat(reverted.status()).as(reverted.err()).isZero();
      assertThat(again.awaitEnd()).as(again.text()).isZero();
      assertThat(again.text()).contains("another run goes on");
    }
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
    assertThat(database.strings("SELECT id, v FROM t WHERE id IN (4, 6, 7) ORDER BY id"))
        .containsExactly("4 | -1", "6 | -2");
    requireNothingLeft(database);
  }

  @EngineTest(Engine.MYSQL)
  void interruptedAnywhereItSaysHowToGoOnAndDoes(Database database) throws Exception {
    prepare(database);
    var _ = interrupted(database, "copy", "alter", "--keep", WIDER);
    assertThat(run(database, "halcyon alter --control=postpone t").status()).isZero();
    var _ = interrupted(database, "verify", "alter", "--keep", WIDER);
    assertThat(run(database, "halcyon alter --control=cut-over t").status()).isZero();
    try (var reader = database.connection()) {
      reader.setAutoCommit(false);
      try (var statement = reader.createStatement();
          var _ = statement.executeQuery("SELECT * FROM t WHERE id = 1")) {
        var _ = interrupted(database, "cut-over", "alter", "--keep", WIDER);
      }
      reader.rollback();
    }
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
    var _ = interrupted(database, "keep", "alter", "--keep", WIDER);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    var _ = interrupted(database, "keep", "alter", "--keep", "t");
    assertThat(run(database, "halcyon alter --control=pause t").status()).isZero();
    var line = interrupted(database, "verify", "alter", "--revert", "t");
    assertThat(run(database, "halcyon alter --control=resume t").status()).isZero();
    assertThat(run(database, line).status()).isZero();
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
    assertThat(database.count("t")).isEqualTo(1 << ROWS_LOG2);
    requireNothingLeft(database);
  }

  /**
   * Ctrl-C in that phase: the promised status, and the line with which it goes on.
   *
   * @return that line
   */
  private String interrupted(Database database, String phase, String... arguments)
      throws Exception {
    var line = "halcyon " + String.join(" ", arguments).replace(WIDER, "'" + WIDER + "'");
    if (!phase(database).isEmpty()) {
      database.execute("UPDATE halcyon_rebuild SET phase = ''");
    }
    try (var child = start(database, arguments)) {
      await(child, () -> phase.equals(phase(database)));
      child.interrupt();
      assertThat(child.awaitEnd()).as(child.text()).isEqualTo(2);
      assertThat(child.text())
          .contains("stopping at the next safe point", "HAL-405", "again to go on")
          .contains("goes on from there: " + line);
    }
    return line;
  }

  private static void kill(Child child) throws IOException, InterruptedException {
    child.signal("KILL");
    assertThat(child.awaitEnd()).as(child.text()).isEqualTo(KILLED);
  }

  /** What a run has said of itself last; empty when there is none. */
  private static String phase(Database database) {
    return database.strings("SHOW TABLES LIKE 'halcyon_rebuild'").isEmpty()
        ? ""
        : String.join("", database.strings("SELECT phase FROM halcyon_rebuild"));
  }

  private static void await(Child child, BooleanSupplier condition) throws Exception {
    while (!condition.getAsBoolean()) {
      assertThat(child.process().isAlive()).as(child.text()).isTrue();
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static void requireNothingLeft(Database database) {
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
    assertThat(database.strings("SHOW TABLES LIKE 'halcyon_rebuild'")).isEmpty();
  }
}
