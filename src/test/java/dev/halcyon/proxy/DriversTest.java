package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
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
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The drivers and programs that people use: plain and over TLS, with both ways to prove a password,
 * through a change of the user, and moved to another server in the middle of their work.
 */
class DriversTest {
  private static final TlsSettings TLS =
      new TlsSettings(new TlsSettings.Identity.SelfMade(), new TlsSettings.Trust.Anyone());

  private static final int MOVES = 4;

  /** Installed once for all tests. */
  private static final Path NODE = Path.of("target", "node");

  @EngineTest
  void driverOfMysql(Database database) throws Exception {
    try (var servers = new TwoServers(database)) {
      var account = servers.account("driver");
      var old = servers.oldAccount("old_driver");
      try (var proxied = servers.proxied(TLS)) {
        for (var one : List.of(account, old)) {
          for (String mode : List.of("DISABLED", "REQUIRED")) {
            for (boolean prepare : new boolean[] {false, true}) {
              try (var connection = mysql(proxied, one, mode, prepare)) {
                work(connection);
                changeUser(connection, one.equals(old) ? account : old, database.schema());
                move(servers, proxied, connection);
              }
            }
          }
        }
        assertThatThrownBy(
                () -> mysql(proxied, new Account(old.user(), "wrong"), "REQUIRED", true).close())
            .isInstanceOfSatisfying(
                SQLException.class, denied -> assertThat(denied.getErrorCode()).isEqualTo(1045));
      }
    }
  }

  @EngineTest
  void driverOfMariaDb(Database database) throws Exception {
    try (var servers = new TwoServers(database)) {
      var accounts = List.of(servers.account("driver"), servers.oldAccount("old_driver"));
      try (var proxied = servers.proxied(TLS)) {
        for (var one : accounts) {
          for (String options :
              List.of("", "&sslMode=trust", "&sslMode=trust&useServerPrepStmts=true")) {
            try (var connection =
                proxied.connect(one, options + "&allowMultiQueries=true&useCompression=true")) {
              work(connection);
              move(servers, proxied, connection);
            }
          }
        }
      }
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

  private static void work(Connection connection) throws SQLException {
    var large = new byte[2_000_000];
    large[77] = 7;
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE j (id INT PRIMARY KEY, x VARCHAR(50), b LONGBLOB)");
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

  /** It works on while it is led to and fro. */
  private static void move(TwoServers servers, ProxiedDatabase proxied, Connection connection)
      throws Exception {
    servers.there.execute(
        "CREATE TABLE j (id INT PRIMARY KEY, x VARCHAR(50), b LONGBLOB)",
        "INSERT INTO j VALUES (3, 'y', NULL)");
    servers.execute("CREATE TABLE w (n INT PRIMARY KEY)");
    var stopped = new AtomicBoolean();
    var rounds = new Semaphore(0);
    var work = new FutureTask<>(() -> workOn(connection, stopped, rounds));
    Thread.ofVirtual().start(work);
    for (int i = 0; i < MOVES; i++) {
      rounds.drainPermits();
      boolean goesOn = rounds.tryAcquire(2, 20, TimeUnit.SECONDS);
      assertThat(goesOn || work.isDone()).isTrue();
      proxied.lead(i % 2 == 0 ? "b" : "a");
    }
    stopped.set(true);
    long written = work.get(20, TimeUnit.SECONDS);
    assertThat(servers.count("w")).isEqualTo(written);
    servers.execute("DROP TABLE w", "DROP TABLE j");
  }

  /** Prepared and plain statements, transactions and a variable; how many rows it has written. */
  private static int workOn(Connection connection, AtomicBoolean stopped, Semaphore rounds)
      throws SQLException {
    var seen = new TreeSet<Integer>();
    int number = 0;
    try (var statement = connection.createStatement();
        var insert = connection.prepareStatement("INSERT INTO w VALUES (?)");
        var select = connection.prepareStatement("SELECT @n, @@server_id, x FROM j WHERE id = ?")) {
      statement.execute("SET @n = 0");
      select.setInt(1, 3);
      while (!stopped.get()) {
        statement.execute("SET @n = @n + 1");
        connection.setAutoCommit(false);
        insert.setInt(1, ++number);
        insert.executeUpdate();
        connection.commit();
        connection.setAutoCommit(true);
        try (var rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(number);
          seen.add(rows.getInt(2));
          assertThat(rows.getString(3)).isEqualTo("y");
        }
        rounds.release();
      }
    }
    assertThat(seen).containsExactly(TwoServers.HERE, TwoServers.THERE);
    return number;
  }

  private static long count(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM j")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  @EngineTest
  void driverOfNode(Database database) throws Exception {
    String program = Programs.require("node").toString();
    var command = List.of(program, "driver.js");
    Path folder = node();
    try (var servers = new TwoServers(database)) {
      var account = servers.account("node");
      var old = servers.oldAccount("old_node");
      try (var proxied = servers.proxied(TLS)) {
        for (var one : List.of(account, old)) {
          for (String tls : List.of("0", "1")) {
            var settings = nodeSettings(proxied, one, one.equals(old) ? account : old, tls);
            node(servers, proxied, Programs.start(command, folder, settings), one);
          }
        }
      }
    }
  }

  private static void node(
      TwoServers servers, ProxiedDatabase proxied, Process process, Account account)
      throws Exception {
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      var seen = Programs.until(output, "\"ready\"");
      assertThat(seen)
          .contains(
              "{\"step\":\"user\",\"seen\":\"" + account.user() + "@%\"}",
              "{\"step\":\"prepared\",\"seen\":[\"Gr\u00fc\u00dfe\",true]}",
              "{\"step\":\"transaction\",\"seen\":[1,\"y\"]}",
              "{\"step\":\"several\",\"seen\":[1,2]}",
              "{\"step\":\"error\",\"seen\":1054}",
              "{\"step\":\"changed rows\",\"seen\":\"y\"}");
      servers.there.execute(
          "CREATE TABLE node (id INT PRIMARY KEY, x VARCHAR(50), b LONGBLOB)",
          "INSERT INTO node VALUES (1, 'y', NULL)");
      for (int i = 0; i < MOVES; i++) {
        Programs.until(output, "\"went on\"");
        proxied.lead(i % 2 == 0 ? "b" : "a");
      }
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      long done =
          Long.parseLong(Programs.until(output, "\"done\"").getLast().replaceAll("\\D", ""));
      assertThat(servers.count("node")).isEqualTo(done + 2);
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
    servers.execute("DROP TABLE node");
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
}
