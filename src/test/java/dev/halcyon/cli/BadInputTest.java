package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * What users get wrong: each time one clear error with a code, the promised exit status, what to do
 * next, and nothing changed in the database.
 */
class BadInputTest {
  private static final String GRANTS =
      "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER,"
          + " CREATE VIEW, SHOW VIEW, LOCK TABLES ON {schema}.*";
  private static final String SCRATCH = "ALL PRIVILEGES ON `halcyon\\_scratch\\_%`.*";

  @TempDir private Path folder;

  @EngineTest
  void filesThatCannotBeReadAreNamedTogether(Database database) throws IOException {
    var shell = project(database);
    Files.write(migrations().resolve("V4__latin.sql"), new byte[] {'-', '-', (byte) 0xe4});
    Files.createSymbolicLink(migrations().resolve("V5__gone.sql"), Path.of("nowhere"));

    assertRefused(database, shell, "halcyon expand", 1)
        .contains("HAL-201", "V4__latin.sql is not UTF-8 text", "Save it as UTF-8")
        .contains("V5__gone.sql cannot be read");
    var elsewhere = shell.run("halcyon expand --migrations=nowhere");
    assertThat(elsewhere.status()).isEqualTo(1);
    assertThat(elsewhere.err()).contains("HAL-201", "nowhere", "halcyon.toml");
  }

  @EngineTest
  void everythingWrongInTheFilesIsToldAtOnce(Database database) throws IOException {
    var shell = project(database);
    write(
        "V3__syntax.sql",
        "CREATE TABLE fine (id INT PRIMARY KEY);\n\nCREATE TABLE t (id INT PRIMARY KEYY);\n");
    write(
        "V4__directive.sql",
        "-- halcyon: fil users.email = 'x'\nCREATE TABLE undirected (id INT);\n");
    write(
        "V5__column.sql",
        "-- halcyon: fill others.nope = 'x'\nALTER TABLE others ADD COLUMN d INT;\n");
    write(
        "V6__mapping.sql",
        """
        -- halcyon: map users.cents -> amount up="cents / nope" down="ROUND(amount * 100)"
        ALTER TABLE users CHANGE cents amount DECIMAL(12,2) NOT NULL;
        """);
    write("V7__keyless.sql", "ALTER TABLE keyless RENAME COLUMN a TO b;\n");
    write("V8_name.sql", "CREATE TABLE unnamed (id INT);\n");

    assertRefused(database, shell, "halcyon expand", 1)
        .containsPattern("V3__syntax.sql:3:\\d+: error HAL-210: .*1064 .*KEYY")
        .contains("V4__directive.sql:1:1: error HAL-211:", "fil")
        .contains("V5__column.sql:1:", "HAL-212", "others.nope")
        .contains("V6__mapping.sql:1:", "HAL-303", "nope")
        .contains("V7__keyless.sql:1:", "HAL-304", "keyless")
        .contains("V8_name.sql", "HAL-202");
    assertRefused(database, shell, "halcyon plan", 1).contains("HAL-210", "HAL-211", "HAL-304");
    assertRefused(database, shell, "halcyon expand V6", 1)
        .contains("HAL-303", "HAL-202")
        .doesNotContain("HAL-210");
  }

  @EngineTest
  void withoutInitNothingIsMade(Database database) throws IOException {
    var shell = tables(database);
    var before = database.snapshot();
    for (var command : new String[] {"expand", "verify", "contract", "rollback", "status"}) {
      var result = shell.run("halcyon " + command);
      assertThat(result.status()).describedAs(command).isEqualTo(2);
      assertThat(result.err()).describedAs(command).contains("HAL-120", "halcyon init");
    }
    assertThat(shell.run("halcyon plan").status()).isZero();
    assertThat(database.snapshot()).isEqualTo(before);
    assertThat(database.ownObjects()).isEmpty();
    assertNoScratch(database);
  }

  @EngineTest
  void accountsThatMayNotAreRefusedBeforeAnythingIsDone(Database database) throws IOException {
    var admin = tables(database);
    var reader = shell(database, database.createUser("reader", "SELECT ON {schema}.*"));
    var stranger = new Account("nobody", "wrong");
    var before = database.snapshot();

    var init = reader.run("halcyon init");
    assertThat(init.status()).isEqualTo(2);
    assertThat(init.err()).contains("HAL-116", "lacks", "GRANT ");
    assertThat(folder.resolve("halcyon.toml")).doesNotExist();
    assertThat(database.snapshot()).isEqualTo(before);

    assertThat(admin.run("halcyon init").status()).isZero();
    assertRefused(database, reader, "halcyon expand", 2).contains("HAL-116", "GRANT ");
    assertRefused(database, shell(database, stranger), "halcyon expand", 2)
        .contains("HAL-111", "nobody", "HALCYON_PASSWORD")
        .doesNotContain("wrong");
    assertRefused(
            database,
            admin,
            "halcyon expand --url=jdbc:mysql://127.0.0.1:1/" + database.schema(),
            2)
        .contains("HAL-110", "127.0.0.1:1");
    assertRefused(database, admin, "halcyon expand --url=" + database.url() + "_no", 2)
        .contains("HAL-112");
    Files.writeString(folder.resolve("no-ca.pem"), "nothing");
    assertRefused(database, admin, "halcyon expand --ca=no-ca.pem", 2).contains("HAL-113", "no-ca");
  }

  @EngineTest
  void aReadOnlyServerIsLeftAlone(Database database) throws IOException {
    var shell = shell(database, database.createUser("writer", GRANTS, SCRATCH));
    tables(database);
    database.execute("SET GLOBAL read_only = ON");
    try {
      var init = shell.run("halcyon init");
      assertThat(init.status()).isEqualTo(2);
      assertThat(init.err()).contains("HAL-115", "SET GLOBAL read_only = OFF");
      assertThat(database.ownObjects()).isEmpty();
      database.execute("SET GLOBAL read_only = OFF");
      assertThat(shell.run("halcyon init").status()).isZero();
      database.execute("SET GLOBAL read_only = ON");
      assertRefused(database, shell, "halcyon expand", 2)
          .contains("HAL-115", "SET GLOBAL read_only = OFF");
      assertRefused(database, shell, "halcyon plan", 2).contains("HAL-115");
    } finally {
      database.execute("SET GLOBAL read_only = OFF");
    }
    assertThat(shell.run("halcyon expand").status()).isZero();
    assertThat(shell.run("halcyon rollback").status()).isZero();
  }

  private static AbstractStringAssert<?> assertRefused(
      Database database, Shell shell, String line, int status) {
    var before = database.snapshot();
    var result = shell.run(line);
    assertThat(result.status()).describedAs(line + "\n" + result.err()).isEqualTo(status);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("\n    ").doesNotContain("\tat ", "Exception");
    assertThat(database.snapshot()).isEqualTo(before);
    assertThat(database.count("halcyon_expand_version")).isZero();
    assertThat(database.count("halcyon_step")).isZero();
    assertThat(database.value("SELECT held FROM halcyon_lease")).isEqualTo("0");
    assertNoScratch(database);
    var json = shell.run(line + " --json");
    assertThat(json.status()).isEqualTo(status);
    assertThat(new JsonMapper().readTree(json.lastLine()).get("exit").asInt()).isEqualTo(status);
    return assertThat(result.err());
  }

  private static void assertNoScratch(Database database) {
    assertThat(database.strings("SHOW DATABASES LIKE 'halcyon\\_scratch\\_%'")).isEmpty();
  }

  private Shell project(Database database) throws IOException {
    var shell = tables(database);
    assertThat(shell.run("halcyon init").status()).isZero();
    return shell;
  }

  /** Tables, and a change that nothing stands against. */
  private Shell tables(Database database) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100),"
            + " cents INT NOT NULL DEFAULT 1)",
        "INSERT INTO users (email) VALUES ('ann@example.com'), (NULL)",
        "CREATE TABLE others (id INT PRIMARY KEY)",
        "CREATE TABLE keyless (a INT)",
        "INSERT INTO keyless VALUES (1), (1)");
    write("V2__mail.sql", "ALTER TABLE users RENAME COLUMN email TO mail;\n");
    return Shell.on(database, folder);
  }

  private Shell shell(Database database, Account account) {
    return new Shell(
        folder,
        Map.of(
            "HALCYON_URL", database.url(),
            "HALCYON_USER", account.user(),
            "HALCYON_PASSWORD", account.password()));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(migrations().resolve(name), text);
  }

  private Path migrations() throws IOException {
    return Files.createDirectories(folder.resolve("migrations"));
  }
}
