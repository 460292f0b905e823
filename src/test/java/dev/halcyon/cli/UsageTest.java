package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** What {@code halcyon usage} says, and when the gate of contract opens. */
class UsageTest {
  private static final String TRUNCATE =
      "TRUNCATE performance_schema.events_statements_summary_by_digest";

  @TempDir private Path folder;

  @EngineTest
  void contractWaitsUntilNobodyUsesWhatItDrops(Engine engine) throws Exception {
    var options =
        Options.defaults()
            .with("performance_schema", "ON")
            .with("performance_schema_digests_size", "200");
    try (var own = Servers.startOwn(engine, options)) {
      try (var database = Database.fresh(own)) {
        prepare(database);
        var shell = Shell.on(database, folder);
        assertThat(shell.run("halcyon init").status()).isZero();
        assertThat(shell.run("halcyon usage --sample").out()).isEqualTo("kept\n");
        uses(database, shell);
        database.execute(TRUNCATE);
        var expanded = shell.run("halcyon expand");
        assertThat(expanded.status()).describedAs(expanded.err()).isZero();
        gate(database, shell);
        own.restart();
        database.reconnect();
        restarted(shell);
        ownStatementsDoNotCount(database, shell);
        prepared(database, shell);
        full(database, shell);
      }
    }
  }

  private void prepare(Database database) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(40), legacy INT, other INT)",
        "INSERT INTO users VALUES (1, 'a', 5, 1), (2, 'b', 6, 1)",
        "CREATE TABLE clients (id INT PRIMARY KEY, legacy INT, other INT)",
        "INSERT INTO clients VALUES (1, 2, 3)",
        "CREATE TABLE goods (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)",
        "INSERT INTO goods VALUES (1, 'a'), (2, 'b')",
        "CREATE TABLE others (id INT PRIMARY KEY, legacy INT)",
        "CREATE VIEW olds AS SELECT id, legacy AS old FROM users",
        "CREATE PROCEDURE touch_it(x INT) BEGIN UPDATE users SET legacy = legacy + 1 WHERE id = x;"
            + " END",
        "CREATE FUNCTION old_of(x INT) RETURNS INT READS SQL DATA"
            + " RETURN (SELECT MAX(legacy) FROM users WHERE id = x)");
    write("V1__legacy.sql", "ALTER TABLE clients DROP COLUMN legacy;\n");
    write("V2__other.sql", "-- halcyon: gate unused=1h\nALTER TABLE clients DROP COLUMN other;\n");
  }

  private static void uses(Database database, Shell shell) {
    uses(database, shell, "SELECT * FROM users WHERE id = 1");
    uses(database, shell, "SELECT old FROM olds WHERE id = 1");
    uses(database, shell, "SELECT old_of(1)");
    uses(database, shell, "INSERT INTO users VALUES (7, 'x', 1, 1)");
    uses(database, shell, "CALL touch_it(1)");
    uses(database, shell, "DELETE FROM users WHERE legacy = 77 AND id = 7");
    usesNot(database, shell, "SELECT email FROM users WHERE id = 1");
    usesNot(database, shell, "SELECT COUNT(*) FROM users");
    usesNot(database, shell, "SELECT legacy FROM others");
    usesNot(database, shell, "INSERT INTO users (id, email) VALUES (9, 'y')");
  }

  private static void uses(Database database, Shell shell, String statement) {
    database.execute(TRUNCATE, statement);
    var result = shell.run("halcyon usage users.legacy --since 1h");
    assertThat(result.out()).describedAs(statement).contains("users.legacy: in use");
    assertThat(result.status()).isEqualTo(1);
    assertThat(shell.run("halcyon usage users.other --since 1h --json").lastLine())
        .contains("\"name\":\"users.other\"");
    database.execute("DELETE FROM halcyon_usage_statement");
  }

  private static void usesNot(Database database, Shell shell, String statement) {
    database.execute(TRUNCATE, statement);
    var result = shell.run("halcyon usage users.legacy --since 1h");
    assertThat(result.out()).describedAs(statement).contains("users.legacy: unknown");
  }

  private static void gate(Database database, Shell shell) {
    database.strings("SELECT legacy FROM clients WHERE id = 1");
    assertThat(shell.run("halcyon verify").status()).isZero();

    var closed = shell.run("halcyon contract V1 --gate-unused 1h");

    assertThat(closed.status()).isEqualTo(3);
    assertThat(closed.err())
        .contains("HAL-502: V1: clients.legacy was used in the last 1 h:")
        .contains("1 times")
        .contains("`legacy` FROM `clients`")
        .contains("halcyon usage clients.legacy")
        .doesNotContain("and 1 more");
    var all = shell.run("halcyon usage");
    assertThat(all.out()).contains("clients.legacy: in use", "clients.other: ");
  }

  /** What was seen before the server was started anew is not forgotten; what was not, is a gap. */
  private static void restarted(Shell shell) {
    assertThat(shell.run("halcyon usage clients.legacy --since 1h").out())
        .contains("clients.legacy: in use", "1 times");
    var closed = shell.run("halcyon contract --gate-unused 1h");
    assertThat(closed.status()).isEqualTo(3);
    assertThat(closed.err())
        .contains("HAL-502: V1: clients.legacy was used")
        .contains("HAL-504: V2: it is not known whether clients.other was used in the last 1 h");
    var opened = opened(shell);
    assertThat(opened.status()).describedAs(opened.err()).isZero();
  }

  /** Backfill, verify and sync triggers of a window, and what the plan is tried out with. */
  private void ownStatementsDoNotCount(Database database, Shell shell) throws IOException {
    write("V3__title.sql", "ALTER TABLE goods RENAME COLUMN name TO title;\n");
    var expanded = shell.run("halcyon expand V3 --gate-unused 1h");
    assertThat(expanded.status()).describedAs(expanded.err()).isZero();
    assertThat(shell.run("halcyon verify V3").status()).isZero();
    database.execute("UPDATE goods SET title = 'c' WHERE id = 1");

    var result = shell.run("halcyon usage goods.name --since 1h");

    assertThat(result.out()).startsWith("goods.name: unknown\ngoods: ");
    assertThat(shell.run("halcyon usage goods.title --since 1h").out())
        .contains("goods.title: in use", "UPDATE `goods` SET `title` = ?")
        .doesNotContain("SELECT");
  }

  /** The record lacks what clients prepare on the server; so nothing is known while they do. */
  private static void prepared(Database database, Shell shell) throws SQLException {
    var url =
        "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=trust&allowPublicKeyRetrieval=true&useServerPrepStmts=true"
            .formatted(database.server().port(), database.schema());
    try (var connection = DriverManager.getConnection(url, database.user(), database.password());
        var query = connection.prepareStatement("SELECT other FROM clients WHERE id = ?")) {
      query.setInt(1, 1);
      query.executeQuery().close();
    }
    var first = shell.run("halcyon usage clients.other --since 1h").out();
    assertThat(first)
        .contains("clients.other: unknown")
        .contains("1 executions of statements that clients had prepared on the server");
    // None came from one look to the next.
    var since = watchedSince(shell);
    assertThat(watchedSince(shell)).isEqualTo(since);
  }

  private static String watchedSince(Shell shell) {
    var out = shell.run("halcyon usage clients.other --since 1h").out();
    assertThat(out).contains("everything has been watched for ");
    return out.replaceAll("(?s).*since (\\S+ \\S+) UTC.*", "$1");
  }

  private static void full(Database database, Shell shell) {
    for (int i = 0; i < 230; i++) {
      database.strings("SELECT 1 AS a" + i);
    }
    var closed = shell.run("halcyon contract V2");
    assertThat(closed.status()).isEqualTo(3);
    assertThat(closed.err())
        .contains("HAL-504: V2: it is not known whether clients.other was used in the last 1 h")
        .contains("The server's record of statements is full")
        .contains("performance_schema_digests_size");
  }

  /** Contracts again and again until the gate opens. */
  private static Shell.Result opened(Shell shell) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      var result = shell.run("halcyon contract V1 --gate-unused 1s");
      if (result.status() != 3 || System.nanoTime() > end) {
        return result;
      }
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve("migrations").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
