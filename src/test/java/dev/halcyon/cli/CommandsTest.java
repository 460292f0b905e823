package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each command as a user and a program meet it: text, JSON, exit status. */
class CommandsTest {
  @TempDir private Path folder;

  @EngineTest
  void initWritesTheSettingsButNoPassword(Database database) throws IOException {
    var result = Shell.on(database, folder).run("halcyon init");

    assertThat(result.status()).describedAs(result.err()).isZero();
    assertThat(Files.readString(folder.resolve("halcyon.toml")))
        .contains("url = \"" + database.url() + "\"")
        .contains("user = \"" + database.user() + "\"")
        .doesNotContain(database.password());
    var again =
        new Shell(folder, Map.of("HALCYON_PASSWORD", database.password())).run("halcyon init");
    assertThat(again.status()).describedAs(again.err()).isZero();
    assertThat(again.out()).doesNotContain("wrote");
  }

  @EngineTest
  void statusTellsProgramsAndPeople(Database database) throws IOException {
    var shell = project(database);
    assertThat(shell.run("halcyon status").out()).contains("V11  email_address  pending");

    assertThat(shell.run("halcyon expand").status()).isZero();
    JsonNode change = json(shell.run("halcyon status --json")).at("/changes/0");

    assertThat(change.get("version").asString()).isEqualTo("11");
    assertThat(change.get("description").asString()).isEqualTo("email_address");
    assertThat(change.get("state").asString()).isEqualTo("verified");
    assertThat(change.get("checksum").asString()).hasSize(64);
    assertThat(change.at("/steps/0/id").asString()).isEqualTo("expand.1");
    assertThat(change.at("/steps/0/state").asString()).isEqualTo("finished");
  }

  @EngineTest
  void aChangedFileShowsBothChecksums(Database database) throws IOException {
    var shell = project(database);
    String before = json(shell.run("halcyon status --json")).at("/changes/0/checksum").asString();
    assertThat(shell.run("halcyon expand V11").status()).isZero();

    Files.writeString(file(), "ALTER TABLE users RENAME COLUMN email TO mail;\n");
    var result = shell.run("halcyon status");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("HAL-222").contains(before);
    assertThat(shell.run("halcyon rollback V11").status()).isZero();
  }

  @EngineTest
  void planTellsEachStepAndChangesNothing(Database database) throws IOException {
    var shell = project(database);
    String before = database.snapshot();

    assertThat(shell.run("halcyon plan V11").out())
        .contains("ADD COLUMN `email_address`", "INSTANT", "undo: halcyon rollback V11");
    JsonNode plan = json(shell.run("halcyon plan V11 --json"));
    assertThat(plan.get("roundTrips").asInt()).isPositive();
    JsonNode step = plan.at("/plans/0/expand/0");
    assertThat(step.propertyNames())
        .contains("id", "title", "sql", "algorithm", "lock", "time", "rows", "undo");
    assertThat(shell.run("halcyon plan V11 --sql review.sql").status()).isZero();
    assertThat(folder.resolve("review.sql"))
        .content()
        .contains("-- ==== contract ====", "DELIMITER //");
    assertThat(database.snapshot()).isEqualTo(before);
  }

  /** Statement by statement, as the servers' own clients read a script. */
  @EngineTest
  void aClientTakesTheScriptOfAPlan(Database database) throws IOException {
    var shell = project(database);
    assertThat(shell.run("halcyon plan V11 --sql review.sql").status()).isZero();
    var script = Files.readString(folder.resolve("review.sql"));
    var delimiter = ";";
    var statement = new StringBuilder();
    for (String line : script.split("-- ==== rollback", -1)[0].split("\n", -1)) {
      if (line.startsWith("DELIMITER ")) {
        delimiter = line.substring("DELIMITER ".length());
      } else if (!line.startsWith("--")) {
        statement.append(line).append('\n');
        if (line.endsWith(delimiter)) {
          statement.setLength(statement.length() - delimiter.length() - 1);
          database.execute(statement.toString());
          statement.setLength(0);
        }
      }
    }
    assertThat(statement.toString()).isBlank();
    assertThat(database.strings("SELECT email_address FROM users"))
        .containsExactly("ann@example.com", "NULL");
  }

  @EngineTest
  void eventsComeBeforeTheOutcome(Database database) throws IOException {
    var lines = project(database).run("halcyon expand V11 --json").out().lines().toList();

    assertThat(new JsonMapper().readTree(lines.getFirst()).get("event").asString())
        .isNotEqualTo("outcome");
    assertThat(lines).allMatch(line -> new JsonMapper().readTree(line).has("event"));
    assertThat(new JsonMapper().readTree(lines.getLast()).get("event").asString())
        .isEqualTo("outcome");
  }

  @EngineTest
  void whatWasNamedAndNeedsNothingIsNotDone(Database database) throws IOException {
    var shell = project(database);
    assertThat(shell.run("halcyon expand V11").status()).isZero();

    assertThat(shell.run("halcyon expand V11").status()).isEqualTo(2);
    assertThat(shell.run("halcyon expand").status()).isZero();
    assertThat(shell.run("halcyon expand V99").status()).isEqualTo(64);
    assertThat(shell.run("halcyon rollback V11").status()).isZero();
  }

  @EngineTest
  void aFindingNamesFileLineAndColumn(Database database) throws IOException {
    var shell = project(database);
    Files.writeString(file(), "ALTER TABLE users\n  ADD COLUMN locale VARCHAR(8) NOT NULL;\n");

    var result = shell.run("halcyon plan V11");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("V11__email_address.sql:2:").contains("HAL-302");
  }

  @EngineTest
  void aWrongPasswordIsOneClearError(Database database) {
    var account = database.createUser("clerk");
    var shell =
        new Shell(
            folder,
            Map.of(
                "HALCYON_URL", database.url(),
                "HALCYON_USER", account.user(),
                "HALCYON_PASSWORD", "not the password"));

    var result = shell.run("halcyon doctor");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("HAL-111").doesNotContain("not the password", "\tat ");
  }

  @EngineTest
  void doctorNamesMissingGrantsWithTheStatementThatMends(Database database) {
    var account = database.createUser("reader", "SELECT ON {schema}.*");
    var shell =
        new Shell(
            folder,
            Map.of(
                "HALCYON_URL", database.url(),
                "HALCYON_USER", account.user(),
                "HALCYON_PASSWORD", account.password()));

    var result = shell.run("halcyon doctor");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("not fit for a run");
    assertThat(result.err()).contains("HAL-116").contains("GRANT ");
    assertThat(json(shell.run("halcyon doctor --json")).get("fit").asBoolean()).isFalse();
    assertThat(Shell.on(database, folder).run("halcyon doctor").status()).isZero();
  }

  /** A schema with one table and one pending change. */
  private Shell project(Database database) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100))",
        "INSERT INTO users (email) VALUES ('ann@example.com'), (NULL)");
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "ALTER TABLE users RENAME COLUMN email TO email_address;\n");
    var shell = Shell.on(database, folder);
    assertThat(shell.run("halcyon init").status()).isZero();
    return shell;
  }

  private Path file() {
    return folder.resolve("migrations/V11__email_address.sql");
  }

  private static JsonNode json(Shell.Result result) {
    return new JsonMapper().readTree(result.lastLine());
  }
}
