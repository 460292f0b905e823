package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A driver does not notice the proxy, whatever it and the server agree on. */
class ForwardingTest {
  /**
   * As drivers come: with and without DEPRECATE_EOF, metadata sent once, server-side statements.
   */
  private static final List<String> OPTIONS =
      List.of(
          "",
          "&useServerPrepStmts=true",
          "&useServerPrepStmts=true&enableSkipMeta=false",
          "&useServerPrepStmts=true&deprecateEof=false",
          "&deprecateEof=false&useBulkStmts=false",
          "&useServerPrepStmts=true&useBulkStmts=true");

  @EngineTest
  void driverDoesItsWork(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, x VARCHAR(50), n INT)");
    try (var proxied = new ProxiedDatabase(database)) {
      for (String options : OPTIONS) {
        database.execute("TRUNCATE TABLE t");
        try (var connection = proxied.connect("&allowMultiQueries=true" + options)) {
          write(connection);
          read(connection);
          cursor(connection);
          several(connection);
          fail(connection);
          proxied.awaitSessions(1); // that of the round before may still be ending
          assertThat(proxied.proxy.status().sessions())
              .as(options)
              .singleElement()
              .satisfies(session -> assertThat(session.boundary().hindrances()).isEmpty());
        }
      }
    }
  }

  private static void write(Connection connection) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO t (x, n) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 1; i <= 100; i++) {
        insert.setString(1, "x" + i);
        insert.setObject(2, i % 7 == 0 ? null : i);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE t SET n = -1 WHERE id = 5");
      connection.rollback();
      statement.executeUpdate("UPDATE t SET n = 2 * n WHERE id <= 3");
      connection.commit();
    }
    connection.setAutoCommit(true);
  }

  private static void read(Connection connection) throws SQLException {
    try (var select = connection.prepareStatement("SELECT id, x, n FROM t WHERE id < ?")) {
      for (int round = 0; round < 3; round++) {
        select.setInt(1, 6);
        var rows = new ArrayList<String>();
        try (var result = select.executeQuery()) {
          while (result.next()) {
            rows.add(result.getInt(1) + result.getString(2) + result.getObject(3));
          }
        }
        assertThat(rows).containsExactly("1x12", "2x24", "3x36", "4x44", "5x55");
      }
    }
  }

  private static void cursor(Connection connection) throws SQLException {
    try (var select = connection.prepareStatement("SELECT id FROM t ORDER BY id")) {
      select.setFetchSize(7);
      int number = 0;
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          assertThat(rows.getInt(1)).isEqualTo(++number);
        }
      }
      assertThat(number).isEqualTo(100);
    }
  }

  private static void several(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      assertThat(statement.execute("SELECT 1; UPDATE t SET n = 0 WHERE id = 9; SELECT 2, 3"))
          .isTrue();
      assertThat(statement.getMoreResults()).isFalse();
      assertThat(statement.getUpdateCount()).isEqualTo(1);
      assertThat(statement.getMoreResults()).isTrue();
      try (ResultSet rows = statement.getResultSet()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(2)).isEqualTo(3);
      }
    }
    assertThat(connection.isValid(5)).isTrue();
    assertThat(connection.getMetaData().getColumns(null, null, "t", "%").next()).isTrue();
    String schema = connection.getCatalog();
    connection.setCatalog("information_schema");
    connection.setCatalog(schema);
  }

  private static void fail(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("SELECT nothing FROM t"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("nothing");
      statement.execute("DO 1");
    }
  }

  @EngineTest
  void packetsOfMoreThan16MebibytesPass(Database database) throws SQLException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, x LONGBLOB)");
    var large = new byte[(1 << 24) + 70_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 31) >> 3);
    }
    String limit = database.value("SELECT @@max_allowed_packet");
    try (var proxied = new ProxiedDatabase(database)) {
      database.execute("SET GLOBAL max_allowed_packet = 67108864");
      try (var connection = proxied.connect("&useServerPrepStmts=true&maxAllowedPacket=60000000");
          var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)");
          var select = connection.prepareStatement("SELECT x FROM t WHERE id = 1")) {
        insert.setInt(1, 1);
        insert.setBytes(2, large);
        insert.execute();
        insert.setInt(1, 2);
        insert.setBinaryStream(2, new ByteArrayInputStream(large));
        insert.execute();
        try (var rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getBytes(1)).isEqualTo(large);
        }
        assertThat(database.value("SELECT COUNT(DISTINCT MD5(x)) FROM t")).isEqualTo("1");
      } finally {
        database.execute("SET GLOBAL max_allowed_packet = " + limit);
      }
    }
  }

  @EngineTest
  void fileOfTheClientPasses(Database database) throws SQLException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, x VARCHAR(99))");
    var lines = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      lines.append(i).append("\tline ").append(i).append('\n');
    }
    database.execute("SET GLOBAL local_infile = ON");
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("&allowLocalInfile=true");
        var statement = connection.createStatement()) {
      statement
          .unwrap(org.mariadb.jdbc.Statement.class)
          .setLocalInfileInputStream(
              new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)));
      statement.execute("LOAD DATA LOCAL INFILE 'any' INTO TABLE t");
      assertThat(database.count("t")).isEqualTo(200_000);
      statement.execute("DO 1");
    }
  }

  /** To a server that is not MariaDB this driver sends no COM_RESET_CONNECTION. */
  @EngineTest(Engine.MARIADB)
  void sessionBeginsAnew(Database database) throws SQLException {
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("&useResetConnection=true");
        var statement = connection.createStatement()) {
      statement.execute("SET @x = 7");
      connection.unwrap(org.mariadb.jdbc.Connection.class).reset();
      try (var rows = statement.executeQuery("SELECT @x, @@session_track_system_variables")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isNull();
        assertThat(rows.getString(2)).isEqualTo("*");
      }
    }
  }

  @EngineTest
  void bothPluginsAreProved(Database database, Engine engine) throws SQLException {
    var account = database.createUser("plain", "ALL ON {schema}.*");
    var plugin =
        engine == Engine.MYSQL ? "IDENTIFIED WITH mysql_native_password BY '" : "IDENTIFIED BY '";
    database.execute(
        "CREATE USER other_1 " + plugin + "Gr\u00fc\u00df Gott'", "GRANT SELECT ON *.* TO other_1");
    var other = new Account("other_1", "Gr\u00fc\u00df Gott");
    try (var proxied = new ProxiedDatabase(database, account, other)) {
      for (var one : List.of(account, other, account)) {
        try (var connection = proxied.connect(one, "");
            var rows = connection.createStatement().executeQuery("SELECT CURRENT_USER()")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo(one.user() + "@%");
        }
      }
    } finally {
      database.execute("DROP USER other_1");
    }
  }
}
