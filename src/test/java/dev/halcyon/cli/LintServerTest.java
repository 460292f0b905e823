package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @EngineTest
  void theServersRecordOfStatementsIsRead(Database database) throws IOException {
    database.execute("CREATE TABLE users (id INT PRIMARY KEY, nick VARCHAR(40))");
    database.strings("SELECT * FROM users WHERE id = 1");
    database.execute("UPDATE users SET nick = 'a' WHERE id = 7");
    write("migrations/V1__nick.sql", "ALTER TABLE users RENAME COLUMN nick TO name;");
    boolean watching = database.strings("SELECT @@performance_schema").contains("1");

    var result = Shell.on(database, folder).run("halcyon lint V1 --queries server");

    if (watching) {
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.out())
          .contains("error H501: The columns of users change with V1")
          .contains("error H503: users.nick goes away with contract of V1")
          .contains("performance_schema:");
    } else {
      assertThat(result.err()).contains("HAL-117").contains("performance_schema=ON");
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
