package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows that stand against a change are found before anything is changed, so that mending either the
 * rows or the file is all that it takes to go on.
 */
class PreCheckTest {
  @TempDir private Path folder;

  private record Case(String change, String found, String mended, String otherChange) {}

  private static final Case DUPLICATES =
      new Case(
          "ALTER TABLE users ADD UNIQUE KEY by_email (email), ADD UNIQUE KEY by_name (name);",
          "2 rows of users: another row has the same email",
          "UPDATE users SET email = id, name = id",
          "ALTER TABLE users ADD KEY by_email (email);");

  private static final Map<String, Case> CASES =
      Map.of(
          "duplicates",
          DUPLICATES,
          "orphans",
          new Case(
              "ALTER TABLE orders ADD CONSTRAINT placed FOREIGN KEY (user_id) REFERENCES users (id);",
              "1 row of orders",
              "DELETE FROM orders WHERE user_id = 9",
              "ALTER TABLE orders ADD KEY of_user (user_id);"),
          "narrowing",
          new Case(
              "ALTER TABLE users MODIFY name VARCHAR(2);",
              "rows of users",
              "UPDATE users SET name = id",
              "ALTER TABLE users MODIFY name VARCHAR(3);"),
          "check",
          new Case(
              "ALTER TABLE users ADD CONSTRAINT long_name CHECK (CHAR_LENGTH(name) > 3);",
              "3 rows of users",
              "UPDATE users SET name = 'long enough'",
              "ALTER TABLE users ADD CONSTRAINT some_name CHECK (CHAR_LENGTH(name) > 1);"));

  @EngineTest
  void mendingTheRowsIsEnough(Database database) throws IOException {
    for (var one : CASES.values()) {
      try (var fresh = Database.fresh(database.server())) {
        var shell = refused(fresh, one);
        fresh.execute(one.mended());
        var again = shell.run("halcyon expand V12");
        assertThat(again.status()).describedAs(one + "\n" + again.err()).isZero();
        var ended = shell.run("halcyon contract V12");
        assertThat(ended.status()).describedAs(one + "\n" + ended.err()).isZero();
      }
    }
  }

  @EngineTest
  void mendingTheFileIsEnough(Database database) throws IOException {
    for (var one : CASES.values()) {
      try (var fresh = Database.fresh(database.server())) {
        var shell = refused(fresh, one);
        write("V12__change.sql", one.otherChange());
        assertThat(shell.run("halcyon status").status()).isZero();
        var plan = shell.run("halcyon plan V12");
        assertThat(plan.status()).describedAs(one + "\n" + plan.err()).isZero();
        var again = shell.run("halcyon expand");
        assertThat(again.status()).describedAs(one + "\n" + again.err()).isZero();
        var ended = shell.run("halcyon contract V12");
        assertThat(ended.status()).describedAs(one + "\n" + ended.err()).isZero();
      }
    }
  }

  @EngineTest
  void anOlderOrNewerChangeOfTheSameTableIsNotHeldUp(Database database) throws IOException {
    var shell = refused(database, DUPLICATES);
    write("V11__older.sql", "ALTER TABLE users RENAME COLUMN email TO mail;");
    Files.delete(folder.resolve("migrations/V12__change.sql"));

    var older = shell.run("halcyon expand V11");
    assertThat(older.status()).describedAs(older.err()).isZero();
    assertThat(shell.run("halcyon rollback V12").status()).isZero();
    assertThat(shell.run("halcyon rollback V11").status()).isZero();
  }

  /** A project whose only change has just been refused. */
  private Shell refused(Database database, Case one) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100), name VARCHAR(100))",
        "INSERT INTO users VALUES (1, 'a@x', 'ann'), (2, 'a@x', 'bob'), (3, 'c@x', 'ann')",
        "CREATE TABLE orders (id INT PRIMARY KEY, user_id INT)",
        "INSERT INTO orders VALUES (1, 1), (2, 9)");
    write("V12__change.sql", one.change());
    var shell = Shell.on(database, folder);
    assertThat(shell.run("halcyon init").status()).isZero();
    var before = database.snapshot();

    var first = shell.run("halcyon expand V12");
    assertThat(first.status()).describedAs(one + "\n" + first.err()).isEqualTo(1);
    assertThat(first.err())
        .contains("HAL-311", one.found(), "Nothing has been changed", "halcyon expand V12");
    if (one.change().contains("by_name")) {
      assertThat(first.err()).contains("another row has the same name");
    }
    assertThat(database.snapshot()).isEqualTo(before);
    assertThat(database.strings("SHOW DATABASES LIKE 'halcyon\\_scratch\\_%'")).isEmpty();
    assertThat(states(shell)).containsExactly("12 failed");
    assertThat(shell.run("halcyon expand").status()).isEqualTo(1);
    return shell;
  }

  private static List<String> states(Shell shell) {
    var changes =
        new JsonMapper().readTree(shell.run("halcyon status --json").lastLine()).get("changes");
    return changes
        .valueStream()
        .map(change -> change.get("version").asString() + " " + change.get("state").asString())
        .toList();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve("migrations")).resolve(name), text + "\n");
  }
}
