package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Several windows on one table that has triggers of its own. */
class UserTriggersTest {
  private static final String SETTINGS =
      "SELECT trigger_name, definer, sql_mode, collation_connection, action_order"
          + " FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
          + " AND trigger_name LIKE 'own%' ORDER BY event_manipulation, action_order";

  @TempDir private Path folder;

  @EngineTest
  void keepTheirSettingsAndTheirOrder(Database database) throws IOException {
    var shell = project(database);
    var before = database.strings(SETTINGS);
    assertThat(before).hasSize(3).anyMatch(line -> line.contains("PIPES_AS_CONCAT"));

    done(shell, "halcyon expand V11 V12");
    database.execute("INSERT INTO users (id, email, name) VALUES (2, 'B@x', 'bob')");
    assertThat(database.strings("SELECT mail, full_name, log FROM users WHERE id = 2"))
        .containsExactly("b@x | bob | first b@x second");
    var windows = database.strings("SHOW TRIGGERS");
    assertThat(windows).anyMatch(line -> line.contains("hal_11_"));
    assertThat(windows).anyMatch(line -> line.contains("hal_12_"));
    assertThat(database.strings(SETTINGS).stream().map(UserTriggersTest::withoutOrder))
        .isEqualTo(before.stream().map(UserTriggersTest::withoutOrder).toList());

    done(shell, "halcyon contract V11");
    assertThat(database.strings("SHOW TRIGGERS")).noneMatch(line -> line.contains("hal_11_"));
    database.execute("INSERT INTO users (id, mail, name) VALUES (3, 'C@x', 'cyd')");
    done(shell, "halcyon verify V12");
    done(shell, "halcyon contract V12");
    database.execute("INSERT INTO users (id, mail, full_name) VALUES (4, 'D@x', 'dan')");
    assertThat(database.strings("SELECT email FROM mails WHERE id = 4")).containsExactly("d@x");

    assertThat(database.strings(SETTINGS)).isEqualTo(before);
    assertThat(database.strings("SELECT mail, full_name, log FROM users WHERE id > 1"))
        .containsExactly(
            "b@x | bob | first b@x second",
            "c@x | cyd | first c@x second",
            "d@x | dan | first d@x second");
  }

  @EngineTest
  void aWindowOnTheSameColumnIsRefusedByName(Database database) throws IOException {
    var shell = project(database);
    done(shell, "halcyon expand V11");
    write("V13__again.sql", "ALTER TABLE users RENAME COLUMN email TO address;");
    var before = database.snapshot();

    var result = shell.run("halcyon expand V13");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("V13__again.sql:1:", "HAL-305", "V11", "users.email");
    assertThat(database.snapshot()).isEqualTo(before);
    assertThat(shell.run("halcyon expand V12 V13").status()).isEqualTo(1);
    assertThat(database.snapshot()).isEqualTo(before);
    done(shell, "halcyon expand V12");
    done(shell, "halcyon rollback V11 V12");
  }

  @EngineTest
  void aViewOfTwoWindowsIsRedefinedByOneAtATime(Database database) throws IOException {
    var shell = project(database);
    database.execute("CREATE VIEW both_names AS SELECT id, email, name FROM users");
    var before = database.snapshot();

    var together = shell.run("halcyon expand V11 V12");
    assertThat(together.status()).isEqualTo(1);
    assertThat(together.err()).contains("V12__full_name.sql:1:19:", "HAL-305", "both_names", "V11");
    assertThat(database.snapshot()).isEqualTo(before);

    done(shell, "halcyon expand V11");
    assertThat(shell.run("halcyon expand V12").err()).contains("HAL-305", "both_names", "V11");
    done(shell, "halcyon contract V11");
    done(shell, "halcyon expand V12");
    done(shell, "halcyon contract V12");
    assertThat(database.strings("SELECT email, name FROM both_names")).containsExactly("a@x | ann");
  }

  /** A definer that only other accounts may give is found out before anything is changed. */
  @EngineTest
  void aTriggerThatMayNotBeMadeAnewIsRefusedAtOnce(Database database) throws IOException {
    project(database);
    database.execute("DROP VIEW mails");
    var clerk =
        database.createUser(
            "clerk", "ALL PRIVILEGES ON {schema}.*", "ALL PRIVILEGES ON `halcyon\\_scratch\\_%`.*");
    var shell =
        new Shell(
            folder,
            Map.of(
                "HALCYON_URL", database.url(),
                "HALCYON_USER", clerk.user(),
                "HALCYON_PASSWORD", clerk.password()));
    var before = database.snapshot();

    var result = shell.run("halcyon expand V11");

    assertThat(result.status()).describedAs(result.err()).isNotZero();
    assertThat(result.err()).contains("1227", "V11__mail.sql:1:", "own_first");
    assertThat(database.snapshot()).isEqualTo(before);
  }

  private static String withoutOrder(String line) {
    return line.replaceFirst(" \\| \\d+$", "");
  }

  private Shell project(Database database) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100), name VARCHAR(100),"
            + " log VARCHAR(100))",
        "INSERT INTO users VALUES (1, 'a@x', 'ann', '')",
        "CREATE VIEW mails AS SELECT id, email FROM users",
        "SET SESSION sql_mode = 'PIPES_AS_CONCAT', collation_connection = 'latin1_bin'",
        "CREATE TRIGGER own_first BEFORE INSERT ON users FOR EACH ROW"
            + " SET NEW.email = LOWER(NEW.email), NEW.log = 'first ' || NEW.email",
        "SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT', collation_connection = utf8mb4_bin",
        "CREATE TRIGGER own_second BEFORE INSERT ON users FOR EACH ROW"
            + " SET NEW.log = NEW.log || ' second'",
        "SET SESSION sql_mode = @@GLOBAL.sql_mode",
        "SET NAMES utf8mb4",
        "CREATE TRIGGER own_update BEFORE UPDATE ON users FOR EACH ROW"
            + " SET NEW.name = TRIM(NEW.name)");
    write("V11__mail.sql", "ALTER TABLE users RENAME COLUMN email TO mail;");
    write("V12__full_name.sql", "ALTER TABLE users RENAME COLUMN name TO full_name;");
    var shell = Shell.on(database, folder);
    done(shell, "halcyon init");
    return shell;
  }

  private static void done(Shell shell, String line) {
    var result = shell.run(line);
    assertThat(result.status()).describedAs(line + "\n" + result.out() + result.err()).isZero();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve("migrations")).resolve(name), text + "\n");
  }
}
