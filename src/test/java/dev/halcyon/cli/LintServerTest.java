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
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** What {@code halcyon lint} knows when a server is at hand. */
class LintServerTest {
  @TempDir private Path folder;

  @EngineTest
  void theServersTablesViewsAndChangesCount(Database database) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT PRIMARY KEY, nick VARCHAR(40), total INT NOT NULL DEFAULT 0)");
    database.execute("CREATE VIEW nicks AS SELECT id, nick FROM users");
    var shell = Shell.on(database, folder);
    write("migrations/V1__note.sql", "ALTER TABLE users ADD COLUMN note TEXT;");
    assertThat(shell.run("halcyon init").status()).isZero();
    assertThat(shell.run("halcyon expand V1").status()).isZero();
    write(
        "migrations/V2__drop.sql",
        "ALTER TABLE users DROP COLUMN nick, MODIFY total BIGINT NOT NULL DEFAULT 0;");
    var before = database.snapshot();

    var result = shell.run("halcyon lint --against server");

    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .contains("migrations/V2__drop.sql:1:19: error H111: The view nicks reads users.nick")
        .contains("information H104: users.nick")
        .doesNotContain("H105", "H201")
        .endsWith("in 1 file\n");
    assertThat(shell.run("halcyon lint --against server --copy-rows 0").out())
        .doesNotContain("H201");
    assertThat(database.snapshot()).isEqualTo(before);
  }

  /** What the server says of a clause counts, not what is known of its kind. */
  @EngineTest
  void theServerIsAskedWhatItMakesInAMoment(Database database) throws IOException {
    database.execute(
        "CREATE TABLE users (id INT PRIMARY KEY, nick VARCHAR(63), n INT) CHARACTER SET utf8mb4");
    database.execute("INSERT INTO users (id) VALUES (1), (2)");
    database.execute("ANALYZE TABLE users");
    var shell = Shell.on(database, folder);
    assertThat(shell.run("halcyon init").status()).isZero();
    write("migrations/V1__nick.sql", "ALTER TABLE users MODIFY nick VARCHAR(64);");
    write("migrations/V2__n.sql", "ALTER TABLE users MODIFY n BIGINT, ADD COLUMN m INT;");
    write("migrations/V3__m.sql", "ALTER TABLE users MODIFY m INT COMMENT 'how many';");
    var before = database.snapshot();

    var result = shell.run("halcyon lint --against server --copy-rows 0");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        // 256 bytes need a second byte for their length, which is written for every row.
        .contains("H201: MODIFY nick VARCHAR(64) cannot be done in a lighter way")
        .contains("migrations/V2__n.sql:1:19:", "H201: users.n goes from int")
        .doesNotContain("V2__n.sql:1:36", "V3__m.sql:1:19");
    assertThat(database.snapshot()).isEqualTo(before);
  }

  @EngineTest
  void anAccountThatMayNotTryItIsToldAndTheRestIsSaid(Database database) throws IOException {
    database.execute("CREATE TABLE users (id INT PRIMARY KEY, nick VARCHAR(63))");
    assertThat(Shell.on(database, folder).run("halcyon init").status()).isZero();
    write("migrations/V1__nick.sql", "ALTER TABLE users DROP COLUMN nick;");
    var reader = database.createUser("reader", "SELECT ON {schema}.*");
    var shell =
        new Shell(
            folder,
            Map.of(
                "HALCYON_URL",
                database.url(),
                "HALCYON_USER",
                reader.user(),
                "HALCYON_PASSWORD",
                reader.password()));

    var result = shell.run("halcyon lint --against server");

    assertThat(result.out() + result.err())
        .contains("The server was not asked which changes it makes in a moment: ")
        .contains("migrations/V1__nick.sql:1:");
    assertThat(result.status()).isLessThan(2);
  }

  @EngineTest
  void theServersRecordOfStatementsIsRead(Engine engine) throws IOException {
    var options =
        Options.defaults()
            .with("performance_schema", "ON")
            .with("performance_schema_digests_size", "120");
    try (var own = Servers.startOwn(engine, options);
        var database = Database.fresh(own)) {
      database.execute("CREATE TABLE users (id INT PRIMARY KEY, nick VARCHAR(40))");
      database.strings("SELECT * FROM users WHERE id = 1");
      database.execute("UPDATE users SET nick = 'a' WHERE id = 7");
      write("migrations/V1__nick.sql", "ALTER TABLE users RENAME COLUMN nick TO name;");

      var whole = Shell.on(database, folder).run("halcyon lint V1 --queries server");

      assertThat(whole.status()).isEqualTo(1);
      assertThat(whole.out())
          .contains("error H501: The columns of users change with V1")
          .contains("error H503: users.nick goes away with contract of V1")
          .contains("performance_schema:");
      assertThat(whole.err()).isEmpty();

      for (int i = 0; i < 130; i++) {
        database.strings("SELECT 1 AS a" + i);
      }
      var full = Shell.on(database, folder).run("halcyon lint V1 --queries server");
      assertThat(full.status()).isEqualTo(1);
      assertThat(full.err())
          .contains("The server's record of statements is full: ")
          .contains("performance_schema_digests_size");
    }
  }

  @EngineTest(Engine.MARIADB)
  void serverThatRecordsNothingIsToldOf(Database database) throws IOException {
    write("migrations/V1__nick.sql", "ALTER TABLE users RENAME COLUMN nick TO name;");

    var result = Shell.on(database, folder).run("halcyon lint V1 --queries server");

    assertThat(result.err()).contains("HAL-117").contains("performance_schema=ON");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
