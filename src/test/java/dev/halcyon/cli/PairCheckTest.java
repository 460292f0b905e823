package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** {@code halcyon pair check} on real servers: what is broken is found, and mended where asked. */
class PairCheckTest {
  @TempDir private Path folder;

  @EngineTest
  void whatIsBrokenIsFoundAllAtOnceAndTheHarmlessIsMended(Engine engine) {
    var options =
        Options.defaults()
            .with("sync_binlog", "1")
            .with("innodb_flush_log_at_trx_commit", "1")
            .with(engine == Engine.MYSQL ? "super_read_only" : "read_only", "OFF");
    try (var pair = ServerPair.start(engine, options)) {
      pair.execute("a", "CREATE DATABASE shop", "CREATE TABLE shop.t (id INT PRIMARY KEY)");
      pair.awaitApplied("b", Duration.ofSeconds(20));
      var shell = shell(pair);

      findsRows(pair, engine, shell);

      var good = shell.run("halcyon pair check");
      assertThat(good.status()).describedAs("%s", good).isZero();
      assertThat(good.out()).contains("fit for a switchover");
      assertThat(good.err()).doesNotContain("error");

      damage(pair, engine);
      var bad = shell.run("halcyon pair check");
      assertThat(bad.status()).isEqualTo(1);
      assertThat(bad.err())
          .contains("P105", "b logs rows with image MINIMAL")
          .contains("P107", "a has sync_binlog = 0")
          .contains("P110", "leaves out what arrives")
          .contains("P111", "ALL_LOSSY")
          .contains("P113", "b has transactions that the active server has not")
          .contains("P117", "shop.notes has no primary key")
          .contains("P119", "prepared XA transaction: left")
          .contains("P125", "a has a rebuild of shop.t", "halcyon alter --abort t");

      var mended = shell.run("halcyon pair check --fix");
      assertThat(mended.status()).isEqualTo(1);
      assertThat(mended.out()).contains("done: On a: SET", "sync_binlog = 1");
      assertThat(mended.err()).doesNotContain("P105", "P107", "P111").contains("P113", "P117");

      pair.unfence("b");
      var two = shell.run("halcyon pair check");
      assertThat(two.err()).contains("P114", "halcyon pair funnel a", "P115", "1062");
    }
  }

  /** What is on one server only, differs, or stands for another row there; then all is mended. */
  private static void findsRows(ServerPair pair, Engine engine, Shell shell) {
    pair.execute(
        "a",
        "CREATE TABLE shop.user (id INT PRIMARY KEY, mail VARCHAR(40) UNIQUE, note BLOB, k BIT(3))",
        "INSERT INTO shop.user VALUES (1, 'one', NULL, b'1'), (2, 'two', x'00ff', NULL),"
            + " (3, 'three', '', NULL), (5, 'five', NULL, NULL)");
    pair.awaitApplied("b", Duration.ofSeconds(20));
    unlogged(
        pair,
        engine,
        "UPDATE shop.user SET note = x'beef' WHERE id = 2",
        "DELETE FROM shop.user WHERE id = 3",
        "DELETE FROM shop.user WHERE id = 5",
        "INSERT INTO shop.user VALUES (4, 'four', NULL, NULL), (6, 'five', NULL, NULL)");

    var bad = shell.run("halcyon pair check --rows");

    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.err())
        .contains("user with `id` = 2 differs between a and b")
        .contains("UPDATE user SET `id` = 2, `mail` = 'two', `note` = X'00FF', `k` = NULL WHERE")
        .contains("user with `id` = 3 is on a only", "On b: SET sql_log_bin = 0; INSERT INTO user")
        .contains("user with `id` = 4 is on b only", "On a: SET sql_log_bin = 0; INSERT INTO user")
        .contains(
            "P124", "`mail` = 'five' is the row with `id` = 5 on a, and the one with `id` = 6")
        .contains("UPDATE user SET `id` = 5 WHERE `id` = 6")
        .doesNotContain("`id` = 1 ");
    pair.execute("a", "SET sql_log_bin = 0", "DELETE FROM shop.user", "SET sql_log_bin = 1");
    unlogged(pair, engine, "DELETE FROM shop.user");
    assertThat(shell.run("halcyon pair check --rows").status()).isZero();
  }

  private static void unlogged(ServerPair pair, Engine engine, String... statements) {
    if (engine == Engine.MYSQL) {
      pair.execute("b", "SET GLOBAL super_read_only = 0");
    }
    pair.execute("b", "SET sql_log_bin = 0");
    pair.execute("b", statements);
    pair.execute("b", "SET sql_log_bin = 1");
    pair.fence("b");
  }

  private static void damage(ServerPair pair, Engine engine) {
    pair.execute("a", "SET GLOBAL sync_binlog = 0", "CREATE TABLE shop.notes (note TEXT)");
    pair.execute(
        "a",
        "CREATE TABLE shop.halcyon_rebuild (name VARCHAR(64) PRIMARY KEY)",
        "INSERT INTO shop.halcyon_rebuild VALUES ('t')");
    prepare(pair);
    pair.awaitApplied("b", Duration.ofSeconds(20));
    switch (engine) {
      case MARIADB ->
          pair.execute(
              "b",
              "STOP SLAVE",
              "SET GLOBAL replicate_ignore_db = 'elsewhere'",
              "SET GLOBAL slave_type_conversions = 'ALL_LOSSY'",
              "START SLAVE");
      case MYSQL ->
          pair.execute(
              "b",
              "STOP REPLICA SQL_THREAD",
              "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (elsewhere)",
              "SET GLOBAL replica_type_conversions = 'ALL_LOSSY'",
              "START REPLICA SQL_THREAD",
              "SET GLOBAL super_read_only = 0");
    }
    pair.execute("b", "SET GLOBAL binlog_row_image = 'MINIMAL'");
    errant(pair, engine);
    pair.fence("b");
  }

  /** It outlives its connection. */
  private static void prepare(ServerPair pair) {
    var server = pair.server("a");
    var settings = new ConnectionSettings(server.url("shop"), server.user(), server.password());
    try (var session = Server.connect(settings).open("xa")) {
      session.execute("XA START 'left'");
      session.execute("INSERT INTO t VALUES (7)");
      session.execute("XA END 'left'");
      session.execute("XA PREPARE 'left'");
    }
  }

  /** The other server does not follow for the moment, so it has it not. */
  private static void errant(ServerPair pair, Engine engine) {
    pair.execute("a", engine == Engine.MYSQL ? "STOP REPLICA" : "STOP SLAVE");
    pair.execute("b", "CREATE DATABASE astray");
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
