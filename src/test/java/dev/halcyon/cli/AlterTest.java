package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  @EngineTest
  void everythingThatStandsAgainstARebuildIsToldAtOnce(Database database, @TempDir Path folder) {
    database.execute(
        "CREATE TABLE t (v INT) ENGINE=MyISAM",
        "CREATE TABLE u (id INT PRIMARY KEY, v INT)",
        "CREATE VIEW w AS SELECT * FROM u");
    var shell = Shell.on(database, folder);
    assertThat(shell.run("halcyon init").status()).isZero();
    var before = database.snapshot();
    for (var wrong :
        List.of(
            "ALTER DATABASE x CHARACTER SET utf8mb4",
            "ALTER TABLE t, u MODIFY v BIGINT",
            "ALTER TABLE u MODIFY nix BIGINT",
            "ALTER TABLE w MODIFY v BIGINT",
            "ALTER TABLE u MODIFY v BIGGER")) {
      var refused = shell.run("halcyon alter \"" + wrong + "\"");
      assertThat(refused.status()).as(wrong).isEqualTo(1);
      assertThat(refused.err()).as(wrong).contains("HAL-");
    }
    var format = database.value("SELECT @@GLOBAL.binlog_format");
    database.execute(
        "SET GLOBAL binlog_format = 'STATEMENT'", "SET GLOBAL binlog_row_image = 'MINIMAL'");
    try {
      var refused = shell.run("halcyon alter --way=rebuild \"ALTER TABLE t MODIFY v BIGINT\"");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err())
          .contains("not InnoDB", "ALTER TABLE `t` ENGINE=InnoDB")
          .contains("HAL-304", "primary key")
          .contains("binlog_format=STATEMENT", "SET GLOBAL binlog_format = ROW")
          .contains("binlog_row_image=MINIMAL", "SET GLOBAL binlog_row_image = FULL");
      var settings = shell.run("halcyon alter --way=rebuild \"ALTER TABLE u MODIFY v BIGINT\"");
      assertThat(settings.status()).isEqualTo(2);
      assertThat(settings.err()).contains("HAL-117");
    } finally {
      database.execute(
          "SET GLOBAL binlog_format = '" + format + "'", "SET GLOBAL binlog_row_image = 'FULL'");
    }
    assertThat(database.snapshot()).isEqualTo(before);
  }

  @EngineTest
  void aChangeIsTakenBack(Database database, @TempDir Path folder) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "INSERT INTO t (v) VALUES (7)");
    var shell = Shell.on(database, folder);
    assertThat(shell.run("halcyon init").status()).isZero();
    assertThat(shell.run("halcyon alter --keep --revert t").status()).isEqualTo(64);
    assertThat(shell.run("halcyon alter --revert").status()).isEqualTo(64);
    assertThat(shell.run("halcyon alter --keep --keep-time=soon t").status()).isEqualTo(64);
    assertThat(shell.run("halcyon alter --keep --way=instant \"ALTER TABLE t ADD w INT\"").status())
        .isEqualTo(64);
    assertThat(shell.run("halcyon alter --revert t").err()).contains("HAL-603");

    var kept = shell.run("halcyon alter --keep --keep-time=1s \"ALTER TABLE t MODIFY v BIGINT\"");
    assertThat(kept.status()).as(kept.err()).isZero();
    assertThat(kept.out()).contains("the time is over");
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();

    var keeping =
        CompletableFuture.supplyAsync(
            () -> shell.run("halcyon alter --keep \"ALTER TABLE t MODIFY v SMALLINT\""));
    while (!shell.run("halcyon alter --control=status t").out().contains("t: keep")) {
      assertThat(keeping).isNotDone();
      Thread.sleep(100);
    }
    database.execute("INSERT INTO t (v) VALUES (8)");
    assertThat(shell.run("halcyon alter --keep t").status()).isEqualTo(4);
    var back = shell.run("halcyon alter --revert t");
    var overtaken = keeping.get(60, TimeUnit.SECONDS);
    assertThat(overtaken.out()).as(overtaken.err()).contains("another run goes on");
    assertThat(back.status()).as(back.err()).isZero();
    assertThat(back.out()).contains("t is as it was: 2 rows compared");
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    assertThat(database.strings("SELECT v FROM t ORDER BY id")).containsExactly("7", "8");
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
  }

  @EngineTest
  void aRunIsToldFromElsewhereAndGivenUp(Database database, @TempDir Path folder) {
    database.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT, KEY (v))",
        "INSERT INTO t (v) VALUES (7), (7), (8)");
    var shell = Shell.on(database, folder);
    assertThat(shell.run("halcyon init").status()).isZero();
    assertThat(shell.run("halcyon alter").status()).isEqualTo(64);
    assertThat(shell.run("halcyon alter --control=status").err()).contains("HAL-603");
    assertThat(shell.run("halcyon alter --control=faster").status()).isEqualTo(64);
    assertThat(shell.run("halcyon alter --abort t").err()).contains("HAL-603");

    var refused = shell.run("halcyon alter --way=rebuild \"ALTER TABLE t ADD UNIQUE KEY u (v)\"");
    assertThat(refused.err()).contains("HAL-311", "1 and 2");
    assertThat(shell.run("halcyon alter --control=pause t").out())
        .contains("t: verify, 3 rows", "paused", "ADD UNIQUE KEY u");
    assertThat(shell.run("halcyon alter --control=resume").out()).doesNotContain("paused");
    assertThat(shell.run("halcyon alter --control=chunk-time=50ms").out())
        .contains("chunks of 50 ms");
    database.execute("CREATE TABLE t_hal_mine (id INT)");
    assertThat(shell.run("halcyon alter --abort").out()).contains("as it was");
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t", "t_hal_mine");
    assertThat(database.strings("SHOW TABLES LIKE 'halcyon_rebuild'")).isEmpty();
    assertThat(database.count("t")).isEqualTo(3);
  }

  @EngineTest
  void withoutABinaryLogTriggersTellOfWrites(Engine engine, @TempDir Path folder) {
    try (var server = Servers.startOwn(engine, Options.defaults().with("skip_log_bin", ""));
        var database = Database.fresh(server)) {
      database.execute(
          "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
          "INSERT INTO t (v) VALUES (7), (8)");
      var account =
          database.createUser("plain", "ALL ON {schema}.*", "ALL ON `halcyon\\_scratch\\_%`.*");
      var shell =
          new Shell(
              folder,
              Map.of(
                  "HALCYON_URL", database.url(),
                  "HALCYON_USER", account.user(),
                  "HALCYON_PASSWORD", account.password()));
      assertThat(shell.run("halcyon init").status()).isZero();
      var refused = shell.run("halcyon alter --way=rebuild \"ALTER TABLE t MODIFY v BIGINT\"");
      assertThat(refused.status()).isNotZero();
      assertThat(refused.err()).contains("log_bin=OFF", "--capture=triggers");
      assertThat(shell.run("halcyon alter --capture=nothing --dry-run t").status()).isEqualTo(78);

      var byTriggers =
          "halcyon alter --capture=triggers --way=rebuild \"ALTER TABLE t MODIFY v BIGINT\"";
      var blind = shell.run(byTriggers);
      assertThat(blind.status()).isNotZero();
      assertThat(blind.err()).contains("follows another one cannot be seen", "GRANT");
      database.execute(
          "GRANT %s TO '%s'@'%%'".formatted(database.seesReplication(), account.user()));
      var done = shell.run(byTriggers);
      assertThat(done.status()).as(done.err()).isZero();
      var kept =
          shell.run(
              "halcyon alter --capture=triggers --keep --keep-time=1s"
                  + " \"ALTER TABLE t MODIFY v INT\"");
      assertThat(kept.status()).as(kept.err()).isZero();
      assertThat(database.strings("SELECT v FROM t ORDER BY id")).containsExactly("7", "8");
      assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
      assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
    }
  }
}
