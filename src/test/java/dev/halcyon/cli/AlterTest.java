package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** {@code halcyon alter} as it is typed. */
class AlterTest {
  @EngineTest
  void anAlterIsDoneOrRefusedWithItsReason(Database database, @TempDir Path folder) {
    database.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "INSERT INTO t (v) VALUES (7)");
    var shell = Shell.on(database, folder);
    assertThat(shell.run("halcyon init").status()).isZero();

    var done = shell.run("halcyon alter \"ALTER TABLE t MODIFY v BIGINT\"");
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("1 rows copied, 1 compared");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");

    assertThat(shell.run("halcyon alter \"DROP TABLE t\"").err()).contains("ALTER TABLE");
    assertThat(shell.run("halcyon alter \"ALTER TABLE t MODIFY nix INT\"").err()).contains("nix");
    assertThat(shell.run("halcyon alter \"ALTER TABLE u MODIFY v INT\"").err()).contains("u");
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
  }
}
