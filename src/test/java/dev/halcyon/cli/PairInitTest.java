package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code halcyon pair init} on a server with data and an empty one: what it refuses, what it leaves
 * when it fails half-way, how it goes on, and what the pair is then.
 */
class PairInitTest {
  private static final List<String> DATA =
      List.of(
          "CREATE TABLE kinds (id INT PRIMARY KEY AUTO_INCREMENT, i BIGINT UNSIGNED, f FLOAT,"
              + " d DECIMAL(20,4), t VARCHAR(50), l VARCHAR(9) CHARACTER SET latin1,"
              + " b VARBINARY(20), x BIT(10), w DATETIME(6),"
              + " z TIMESTAMP NULL, j JSON, p POINT, g INT AS (d * 2) STORED, e ENUM('a','b'))",
          "INSERT INTO kinds (id, i, f, d, t, l, b, x, w, z, j, p, e) VALUES (1,"
              + " 18446744073709551615, 0.1, 1.5, 'é😀', 'é', x'00ff', b'1010101010',"
              + " '2020-01-02 03:04:05.678901', '2020-06-01 00:00:00', '{\"a\": 1}', POINT(1, 2.5),"
              + " 'b'), (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
          "CREATE TABLE many (a INT, b INT, PRIMARY KEY (a, b))",
          "INSERT INTO many WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
              + " WHERE i < 900) SELECT i, j.k FROM n, (SELECT 1 AS k UNION SELECT 2 UNION SELECT 3)"
              + " AS j",
          "CREATE TABLE child (id INT PRIMARY KEY, a INT, b INT,"
              + " FOREIGN KEY (a, b) REFERENCES many (a, b))",
          "INSERT INTO child VALUES (1, 5, 3)",
          "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2",
          "CREATE VIEW b_doubled AS SELECT twice(a) AS a FROM many",
          "CREATE VIEW a_doubled AS SELECT a FROM b_doubled",
          "CREATE TRIGGER loud BEFORE INSERT ON kinds FOR EACH ROW SET NEW.t = UPPER(NEW.t)",
          "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DO DELETE FROM child WHERE id < 0",
          "CREATE USER 'shopper'@'%' IDENTIFIED BY 'Sesame-1'",
          "GRANT SELECT ON shop.* TO 'shopper'@'%'");

  private static final String SUM =
      "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, i, f + 0e0, d, HEX(t), HEX(l),"
          + " HEX(b), x + 0, w, z, HEX(j), HEX(p), g, e)))) AS s FROM kinds";

  @TempDir private Path folder;

  @EngineTest
  void anEmptyServerBecomesTheOtherHalfOfThePair(Engine engine) throws IOException {
    try (var west = Servers.startOwn(engine, options(engine, "1"));
        var east = Servers.startOwn(engine, options(engine, "2"))) {
      for (EmbeddedServer server : List.of(west, east)) {
        try (var session = open(server, "mysql")) {
          session.execute("CREATE DATABASE shop CHARACTER SET utf8mb4");
        }
      }
      try (var session = open(west, "shop")) {
        DATA.forEach(session::execute);
      }
      var shell = shell(west, east);

      refuses(shell, west, east);
      failsHalfWay(shell, west, east);
      try (var _ = new Writer(open(west, "shop"))) {
        goesOn(shell, west, east);
        linksAnew(shell, west, east);
      }
      isAPair(shell, west, east);

      assertThat(shell.run("halcyon pair init").err())
          .contains("HAL-732", "follows a server already");
    }
  }

  /** All at once, and nothing has changed. */
  private static void refuses(Shell shell, EmbeddedServer west, EmbeddedServer east) {
    try (var active = open(west, "shop");
        var passive = open(east, "shop")) {
      passive.execute("CREATE TABLE precious (id INT PRIMARY KEY)");
      assertThat(shell.run("halcyon pair init").err())
          .contains("HAL-732", "west has shop, east has shop", "DROP DATABASE");
      passive.execute("DROP TABLE precious");

      active.execute("CREATE TABLE old (id INT PRIMARY KEY) ENGINE = MyISAM");
      active.execute("SET GLOBAL binlog_row_image = 'MINIMAL'");
      var unfit = shell.run("halcyon pair init");
      assertThat(unfit.status()).isEqualTo(1);
      assertThat(unfit.err())
          .contains("P105", "binlog_row_image", "shop.old is kept by MyISAM", "ENGINE = InnoDB");
      active.execute("DROP TABLE old");
      active.execute("SET GLOBAL binlog_row_image = 'FULL'");
      assertThat(ask(passive, "SELECT @@GLOBAL.read_only")).isEqualTo("0");
    }
  }

  /** A function that only exists here makes a view that cannot be copied. */
  private static void failsHalfWay(Shell shell, EmbeddedServer west, EmbeddedServer east) {
    try (var active = open(west, "shop");
        var passive = open(east, "shop")) {
      active.execute("CREATE VIEW broken AS SELECT twice(a) AS a FROM many");
      active.execute("RENAME TABLE many TO many_away");
      var failed = shell.run("halcyon pair init");
      assertThat(failed.status()).describedAs("%s", failed).isNotZero();
      assertThat(ask(passive, "SELECT @@GLOBAL.read_only")).isEqualTo("1");
      assertThat(ask(passive, "SELECT copied FROM halcyon_pair_init.mark")).isEqualTo("0");
      assertThat(ask(active, "SELECT COUNT(*) FROM many_away")).isEqualTo("2700");
      assertThat(ask(active, "SELECT @@GLOBAL.read_only")).isEqualTo("0");
      active.execute("RENAME TABLE many_away TO many");
      active.execute("DROP VIEW broken");
    }
  }

  private static void goesOn(Shell shell, EmbeddedServer west, EmbeddedServer east) {
    var made = shell.run("halcyon pair init");
    assertThat(made.status()).describedAs("%s", made).isZero();
    assertThat(made.out()).contains("west is active, east follows", " rows and ");
    try (var active = open(west, "shop");
        var passive = open(east, "shop")) {
      assertThat(ask(passive, SUM)).isEqualTo(ask(active, SUM));
      assertThat(ask(passive, "SELECT SUM(a) FROM a_doubled"))
          .isEqualTo(ask(active, "SELECT SUM(a) FROM a_doubled"));
      assertThat(
              ask(
                  passive,
                  "SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_name = 'loud'"))
          .isEqualTo("1");
      assertThat(
              ask(
                  passive,
                  "SELECT status <> 'ENABLED' FROM information_schema.events"
                      + " WHERE event_name = 'tidy'"))
          .isEqualTo("1");
      assertThat(
              ask(
                  passive,
                  "SELECT COUNT(*) FROM information_schema.schemata"
                      + " WHERE schema_name = 'halcyon_pair_init'"))
          .isEqualTo("0");
      active.execute("INSERT INTO many VALUES (5000, 1)");
    }
    try (var shopper =
        Server.connect(new ConnectionSettings(east.url("shop"), "shopper", "Sesame-1"))
            .open("look")) {
      assertThat(ask(shopper, "SELECT COUNT(*) > 0 FROM many")).isEqualTo("1");
    }
  }

  /** As after a run that died when all rows were there. */
  private static void linksAnew(Shell shell, EmbeddedServer west, EmbeddedServer east) {
    try (var active = open(west, "shop");
        var passive = open(east, "shop")) {
      var replica = passive.engine() == Engine.MYSQL ? "REPLICA" : "SLAVE";
      passive.execute("SET GLOBAL read_only = 0");
      passive.execute("STOP " + replica);
      passive.execute("RESET " + replica + " ALL");
      passive.execute("SET SESSION sql_log_bin = 0");
      passive.execute("CREATE DATABASE halcyon_pair_init");
      passive.execute(
          "CREATE TABLE halcyon_pair_init.mark"
              + " (id INT PRIMARY KEY, active VARCHAR(400) NOT NULL, copied INT NOT NULL)");
      var name = "SELECT CONCAT(@@hostname, ':', @@port, ', server_id ', @@server_id) AS n";
      var _ =
          passive.update("INSERT INTO halcyon_pair_init.mark VALUES (1, ?, 1)", ask(active, name));
    }
    var again = shell.run("halcyon pair init");
    assertThat(again.status()).describedAs("%s", again).isZero();
    assertThat(again.out()).contains("west is active, east follows", "; 0 rows");
  }

  private static void isAPair(Shell shell, EmbeddedServer west, EmbeddedServer east) {
    var check = shell.run("halcyon pair check");
    assertThat(check.status()).describedAs("%s", check).isZero();
    try (var active = open(west, "shop");
        var passive = open(east, "shop")) {
      // The check has waited until the passive server had what the active one had.
      assertThat(ask(passive, "SELECT COUNT(*) FROM many WHERE a = 5000")).isEqualTo("1");
      var all = "SELECT CONCAT(COUNT(*), ' ', SUM(a), ' ', SUM(b)) FROM many";
      assertThat(ask(passive, all)).isEqualTo(ask(active, all));

      active.execute("SET GLOBAL read_only = 1");
      passive.execute("SET GLOBAL read_only = 0");
      passive.execute("INSERT INTO many VALUES (5001, 1)");
      var back = shell.run("halcyon pair check");
      assertThat(back.err()).describedAs("%s", back).doesNotContain("P109", "P113");
      assertThat(ask(active, "SELECT COUNT(*) FROM many WHERE a = 5001")).isEqualTo("1");
    }
  }

  /** An application that goes on writing. */
  private static final class Writer implements AutoCloseable {
    private final Session session;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> work;

    Writer(Session session) {
      this.session = session;
      this.work = CompletableFuture.runAsync(this::write);
    }

    private void write() {
      for (int i = 10_000; !ended.get(); i++) {
        session.execute("INSERT INTO many VALUES (" + i + ", 1), (-" + i + ", 1)");
        session.execute("UPDATE many SET b = b + 10 WHERE a = " + (6 + i % 800));
      }
    }

    @Override
    public void close() {
      ended.set(true);
      work.join();
      session.close();
    }
  }

  private static Options options(Engine engine, String id) {
    var options = Options.defaults().with("server_id", id);
    return switch (engine) {
      case MARIADB -> options.with("log_slave_updates", "ON").with("gtid_strict_mode", "ON");
      case MYSQL -> options.with("gtid_mode", "ON").with("enforce_gtid_consistency", "ON");
    };
  }

  private static Session open(EmbeddedServer server, String schema) {
    return Server.connect(
            new ConnectionSettings(server.url(schema), server.user(), server.password()))
        .open("test");
  }

  private static String ask(Session session, String sql) {
    return session.first(sql).orElseThrow().string(1);
  }

  private Shell shell(EmbeddedServer west, EmbeddedServer east) throws IOException {
    var secret = folder.resolve("replication.password");
    Files.writeString(secret, "Follow-me-1\n");
    return new Shell(
        folder,
        Map.of(
            "HALCYON_USER", west.user(),
            "HALCYON_PASSWORD", west.password(),
            "HALCYON_PAIR_SERVERS", "west=" + west.url("shop") + ",east=" + east.url("shop"),
            "HALCYON_PAIR_REPLICATION_USER", "replica",
            "HALCYON_PAIR_REPLICATION_PASSWORD_FILE", secret.toString()));
  }
}
