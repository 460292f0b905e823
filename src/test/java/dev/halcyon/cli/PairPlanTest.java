package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** {@code halcyon pair plan} on real servers. */
class PairPlanTest {
  private static final String ALL =
      "SELECT GROUP_CONCAT(schema_name ORDER BY schema_name) FROM information_schema.schemata";

  @TempDir private Path folder;

  @EngineTest
  void aChangeIsJudgedProvenAndLeavesNothing(Engine engine) throws IOException {
    write("V1__total.sql", "ALTER TABLE t ADD double_a BIGINT AS (a * 2) STORED;");
    write("V2__note.sql", "ALTER TABLE t ADD note VARCHAR(20);");
    write("V3__wide.sql", "ALTER TABLE t MODIFY a BIGINT;");
    write("V4__parts.sql", "ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 2;");
    write("V5__data.sql", "UPDATE t SET a = 1 WHERE id = 1;");
    write("V6__broken.sql", "ALTER TABLE t DROP COLUMN nowhere;");
    try (var pair = ServerPair.start(engine, Options.defaults())) {
      pair.execute(
          "a",
          "CREATE DATABASE shop",
          "CREATE TABLE shop.t (id INT PRIMARY KEY, a INT)",
          "INSERT INTO shop.t VALUES (1, 10), (2, NULL), (3, 30)");
      pair.awaitApplied("b", Duration.ofSeconds(20));
      var before = pair.value("b", ALL);
      var shell = shell(pair);

      var unlogged = shell.run("halcyon pair plan V1");
      assertThat(unlogged.status()).describedAs("%s", unlogged).isZero();
      assertThat(unlogged.out())
          .contains("on b first, then a switch, then on a", "unlogged")
          .contains("column double_a is added at the end")
          .contains("rows of t pass from a to b", "rows of t pass from b to a");

      var logged = shell.run("halcyon pair plan V2 --json");
      assertThat(logged.status()).describedAs("%s", logged).isZero();
      assertThat(logged.lastLine())
          .contains("\"mode\":\"logged\"", "\"backward\":\"loses\"", "do not reach");

      var refused = shell.run("halcyon pair plan V3");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err()).contains("HAL-731", "bigint", "halcyon expand");

      assertThat(shell.run("halcyon pair plan V4").out()).contains("unlogged", "other partitions");
      assertThat(shell.run("halcyon pair plan V5").err()).contains("would run twice");
      assertThat(shell.run("halcyon pair plan V6").err()).contains("HAL-310", "nowhere");
      assertThat(shell.run("halcyon pair plan V9").status()).isEqualTo(64);

      pair.awaitApplied("b", Duration.ofSeconds(20));
      assertThat(pair.value("a", ALL)).isEqualTo(before);
      assertThat(pair.value("b", ALL)).isEqualTo(before);
      assertThat(pair.value("b", "SELECT @@GLOBAL.read_only + 0")).isEqualTo("1");
      if (engine == Engine.MYSQL) {
        assertThat(pair.value("b", "SELECT @@GLOBAL.super_read_only + 0")).isEqualTo("1");
      }
      pair.unfence("b");
      assertThat(shell.run("halcyon pair plan V1").err())
          .containsIgnoringCase("both servers are writable");
    }
  }

  private void write(String name, String sql) throws IOException {
    Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(folder.resolve("migrations").resolve(name), sql + "\n");
  }

  private Shell shell(ServerPair pair) {
    var a = pair.server("a");
    return new Shell(
        folder,
        Map.of(
            "HALCYON_USER", a.user(),
            "HALCYON_PASSWORD", a.password(),
            "HALCYON_PAIR_SERVERS", "a=" + a.url("shop") + ",b=" + pair.server("b").url("shop")));
  }
}
