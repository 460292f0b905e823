package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
import dev.halcyon.model.Engine;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * The drivers and programs that people use: plain and over TLS, with both ways to prove a password,
 * through a change of the user, and moved to another server in the middle of their work.
 */
class DriversTest {
  private static final TlsSettings TLS =
      new TlsSettings(new TlsSettings.Identity.SelfMade(), new TlsSettings.Trust.Anyone());

  /** Installed once for all tests. */
  private static final Path NODE = Path.of("target", "node");

  @EngineTest
  void driverOfMysql(Database database, Engine engine) throws Exception {
    var account = database.createUser("driver", "ALL ON {schema}.*");
    var old = oldAccount(database, engine);
    try (var proxied = new ProxiedDatabase(database, TLS, known(database, account, old))) {
      for (var one : List.of(account, old)) {
        for (String mode : List.of("DISABLED", "REQUIRED")) {
          for (boolean prepare : new boolean[] {false, true}) {
            try (var connection = mysql(proxied, one, mode, prepare)) {
              work(connection, "CREATE TABLE j (id INT PRIMARY KEY, x VARCHAR(50), b LONGBLOB)");
              changeUser(connection, one.equals(old) ? account : old, database.schema());
              move(proxied, connection);
            }
            database.execute("DROP TABLE j");
          }
        }
      }
      assertThatThrownBy(
              () -> mysql(proxied, new Account(old.user(), "wrong"), "REQUIRED", true).close())
          .isInstanceOfSatisfying(
              SQLException.class, denied -> assertThat(denied.getErrorCode()).isEqualTo(1045));
    } finally {
      database.execute("DROP USER " + old.user());
    }
  }

  @EngineTest
  void driverOfMariaDb(Database database, Engine engine) throws Exception {
    var account = database.createUser("driver", "ALL ON {schema}.*");
    var old = oldAccount(database, engine);
    try (var proxied = new ProxiedDatabase(database, TLS, known(database, account, old))) {
      for (var one : List.of(account, old)) {
        for (String options :
            List.of("", "&sslMode=trust", "&sslMode=trust&useServerPrepStmts=true")) {
          try (var connection =
              proxied.connect(one, options + "&allowMultiQueries=true&useCompression=true")) {
            work(connection, "CREATE TABLE j (id INT PRIMARY KEY, x VARCHAR(50), b LONGBLOB)");
            move(proxied, connection);
          }
          database.execute("DROP TABLE j");
        }
      }
    } finally {
      database.execute("DROP USER " + old.user());
    }
  }

  private static Connection mysql(
      ProxiedDatabase proxied, Account account, String mode, boolean prepare) throws SQLException {
    return DriverManager.getConnection(
        ("jdbc:mysql://127.0.0.1:%d/%s?sslMode=%s&useServerPrepStmts=%b&allowMultiQueries=true"
                + "&socketTimeout=60000&cachePrepStmts=%b&trackSessionState=true&useCompression=true")
            .formatted(
                proxied.proxy.address().getPort(),
                proxied.database.schema(),
                mode,
                prepare,
                prepare),
        account.user(),
        account.password());
  }

  private static void work(Connection connection, String table) throws SQLException {
    var large = new byte[2_000_000];
    large[77] = 7;
    try (var statement = connection.createStatement()) {
      statement.execute(table);
      try (var insert = connection.prepareStatement("INSERT INTO j VALUES (?, ?, ?)")) {
        for (int i = 0; i < 20; i++) {
          insert.setInt(1, i);
          insert.setString(2, "Gr\u00fc\u00dfe " + i);
          insert.setBytes(3, i == 0 ? large : null);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.setAutoCommit(false);
      statement.executeUpdate("DELETE FROM j");
      connection.rollback();
      statement.executeUpdate("UPDATE j SET x = 'y' WHERE id = 3");
      connection.commit();
      connection.setAutoCommit(true);
      try (var rows = statement.executeQuery("SELECT b FROM j ORDER BY id")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getBytes(1)).isEqualTo(large);
      }
      statement.execute("SELECT 1; SELECT 2");
      assertThat(statement.getMoreResults()).isTrue();
      assertThatThrownBy(() -> statement.execute("SELECT nothing FROM j"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(count(connection)).isEqualTo(20);
  }

  private static void changeUser(Connection connection, Account account, String schema)
      throws SQLException {
    var driver = connection.unwrap(JdbcConnection.class);
    try (var statement = connection.createStatement()) {
      statement.execute("SET @x = 7");
    }
    driver.changeUser(account.user(), account.password());
    connection.setCatalog(schema);
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT CURRENT_USER(), @x")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo(account.user() + "@%");
      assertThat(rows.getString(2)).isNull();
    }
    driver.resetServerState();
    connection.setCatalog(schema);
  }

  /** Both kinds of statement go on, each time at another server. */
  private static void move(ProxiedDatabase proxied, Connection connection) throws Exception {
    try (var select = connection.prepareStatement("SELECT x FROM j WHERE id = ?")) {
      for (int i = 0; i < 5; i++) {
        proxied.lead(i % 2 == 0 ? "b" : "a");
        select.setInt(1, 3);
        try (var rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("y");
        }
        assertThat(count(connection)).isEqualTo(20);
      }
    }
  }

  private static long count(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM j")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  /** Debian's client: one that knows MariaDB's side of the protocol, LOAD DATA LOCAL included. */
  @EngineTest
  void commandLineClient(Database database, Engine engine, @TempDir Path folder) throws Exception {
    String program = Programs.require("mariadb").toString();
    var account = database.createUser("client", "ALL ON {schema}.*");
    var old = oldAccount(database, engine);
    database.execute("SET GLOBAL local_infile = ON");
    Path lines = Files.writeString(folder.resolve("lines"), "1\tone\n2\ttwo\n");
    String script =
        """
        SELECT CURRENT_USER();
        CREATE TABLE c (id INT PRIMARY KEY, x VARCHAR(20));
        LOAD DATA LOCAL INFILE '%s' INTO TABLE c;
        START TRANSACTION; INSERT INTO c VALUES (3, 'three'); COMMIT;
        SELECT COUNT(*), MAX(x) FROM c;
        SELECT LENGTH(REPEAT('x', 17000000));
        DROP TABLE c;
        """
            .formatted(lines);
    try (var proxied = new ProxiedDatabase(database, TLS, known(database, account, old))) {
      for (var one : List.of(account, old)) {
        for (String tls : List.of("--skip-ssl", "--ssl")) {
          var command =
              List.of(
                  program,
                  "--no-defaults",
                  "--host=127.0.0.1",
                  "--port=" + proxied.proxy.address().getPort(),
                  "--user=" + one.user(),
                  "--local-infile",
                  "--compress",
                  tls,
                  "--batch",
                  "--skip-column-names",
                  database.schema());
          String output =
              Programs.run(command, folder, Map.of("MYSQL_PWD", one.password()), script);
          assertThat(output.lines()).startsWith(one.user() + "@%", "3\ttwo").hasSize(3);
        }
      }
    } finally {
      database.execute("DROP USER " + old.user());
    }
  }

  @EngineTest
  void driverOfNode(Database database, Engine engine) throws Exception {
    var command = List.of(Programs.require("node").toString(), "driver.js");
    Path folder = node();
    var account = database.createUser("node", "ALL ON {schema}.*");
    var old = oldAccount(database, engine);
    try (var proxied = new ProxiedDatabase(database, TLS, known(database, account, old))) {
      for (var one : List.of(account, old)) {
        for (String tls : List.of("0", "1")) {
          var process =
              Programs.start(
                  command,
                  folder,
                  nodeSettings(proxied, one, one.equals(old) ? account : old, tls));
          try (var output =
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var seen = Programs.until(output, "\"ready\"");
            assertThat(seen)
                .contains(
                    "{\"step\":\"user\",\"seen\":\"" + one.user() + "@%\"}",
                    "{\"step\":\"prepared\",\"seen\":[\"Gr\u00fc\u00dfe\",true]}",
                    "{\"step\":\"transaction\",\"seen\":[1,\"y\"]}",
                    "{\"step\":\"several\",\"seen\":[1,2]}",
                    "{\"step\":\"error\",\"seen\":1054}",
                    "{\"step\":\"changed rows\",\"seen\":\"y\"}");
            for (int i = 0; i < 10; i++) {
              proxied.lead(i % 2 == 0 ? "b" : "a");
            }
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String last = Programs.until(output, "\"done\"").getLast();
            assertThat(last).matches(".*\\[(\\d+),\\1]}");
            assertThat(process.waitFor()).isZero();
          } finally {
            process.destroyForcibly();
          }
          database.execute("DROP TABLE node");
        }
      }
    } finally {
      database.execute("DROP USER " + old.user());
    }
  }

  private static Map<String, String> nodeSettings(
      ProxiedDatabase proxied, Account account, Account next, String tls) {
    var settings = new HashMap<String, String>();
    settings.put("DB_PORT", "" + proxied.proxy.address().getPort());
    settings.put("DB_SCHEMA", proxied.database.schema());
    settings.put("DB_USER", account.user());
    settings.put("DB_PASSWORD", account.password());
    settings.put("DB_USER_2", next.user());
    settings.put("DB_PASSWORD_2", next.password());
    settings.put("DB_TLS", tls);
    return settings;
  }

  /** The folder with the program and its driver, as the lock file names it. */
  private static synchronized Path node() throws IOException, InterruptedException {
    String npm = Programs.require("npm").toString();
    Path sources = Path.of("src", "test", "node");
    Path lock = NODE.resolve("package-lock.json");
    Files.createDirectories(NODE);
    Files.write(NODE.resolve("driver.js"), Files.readAllBytes(sources.resolve("driver.js")));
    Path installed = NODE.resolve("node_modules").resolve("mysql2");
    byte[] wanted = Files.readAllBytes(sources.resolve("package-lock.json"));
    if (!Files.exists(installed)
        || !Files.exists(lock)
        || !Arrays.equals(wanted, Files.readAllBytes(lock))) {
      Files.write(
          NODE.resolve("package.json"), Files.readAllBytes(sources.resolve("package.json")));
      Files.write(lock, wanted);
      Programs.run(
          List.of(npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"),
          NODE,
          Map.of(),
          "");
    }
    return NODE;
  }

  private static Accounts known(Database database, Account... accounts) {
    return ProxiedDatabase.known(database, accounts);
  }

  private static Account oldAccount(Database database, Engine engine) {
    database.execute(
        "CREATE USER other_5 IDENTIFIED "
            + (engine == Engine.MYSQL ? "WITH mysql_native_password " : "")
            + "BY 'other'",
        "GRANT ALL ON *.* TO other_5");
    return new Account("other_5", "other");
  }
}
