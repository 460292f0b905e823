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

    var way = shell.run("halcyon alter --dry-run --way=rebuild \"ALTER TABLE t MODIFY v BIGINT\"");
    assertThat(way.out()).startsWith("rebuild: you asked for it");
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");

    var done = shell.run("halcyon alter --way=rebuild \"ALTER TABLE t MODIFY v BIGINT\"");
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("1 rows copied, 1 compared");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");

    var instant = shell.run("halcyon alter \"ALTER TABLE t ADD COLUMN w INT\"");
    assertThat(instant.status()).as(instant.err()).isZero();
    assertThat(instant.out()).contains("by the way instant");
    assertThat(shell.run("halcyon alter --way=fast \"ALTER TABLE t MODIFY v INT\"").status())
        .isEqualTo(64);
    assertThat(shell.run("halcyon alter --way=instant \"ALTER TABLE t MODIFY v INT\"").err())
        .contains("HAL-301", "by the way instant");
    assertThat(shell.run("halcyon alter \"ALTER TABLE t MODIFY v BIGINT\"").err())
        .contains("HAL-221");

    assertThat(shell.run("halcyon alter \"DROP TABLE t\"").err()).contains("ALTER TABLE");
    assertThat(shell.run("halcyon alter \"ALTER TABLE t MODIFY nix INT\"").err()).contains("nix");
    assertThat(shell.run("halcyon alter \"ALTER TABLE u MODIFY v INT\"").err()).contains("u");
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
  }
}
