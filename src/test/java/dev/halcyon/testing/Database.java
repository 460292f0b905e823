package dev.halcyon.testing;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.model.Engine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fresh schema on a real server. {@link #execute} and {@link #query} share one connection, which
 * {@link #close} closes; whoever asks for a {@link #connection} closes it. A failed statement is an
 * {@link AssertionError} that quotes it. For one thread; {@link #connection} for any.
 */
public final class Database implements AutoCloseable {
  /** A server that a test forgot to thaw must fail the test, not hang the build. */
  private static final int PATIENCE_MILLIS = 120_000;

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final EmbeddedServer server;
  private final String schema;

  /** Another one after {@link #reconnect}. */
  private Connection connection;

  private final List<String> users = new ArrayList<>();

  private Database(EmbeddedServer server, String schema, Connection connection) {
    this.server = server;
    this.schema = schema;
    this.connection = connection;
  }

  /** Creates a schema {@code t_<counter>_<random>} on the server. */
  public static Database fresh(EmbeddedServer server) {
    var schema =
        "t_%d_%06x"
            .formatted(COUNTER.incrementAndGet(), ThreadLocalRandom.current().nextInt(0x1000000));
    var connection = connect(server, "", server.user(), server.password());
    var database = new Database(server, schema, connection);
    database.execute("CREATE DATABASE " + schema + " CHARACTER SET utf8mb4", "USE " + schema);
    return database;
  }

  public EmbeddedServer server() {
    return server;
  }

  public Engine engine() {
    return server.engine();
  }

  public String schema() {
    return schema;
  }

  /** The plain url that a user of the product would give. */
  public String url() {
    return server.url(schema);
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  /** Opens the shared connection anew, after the server has been away. */
  public void reconnect() {
    connection = connection();
  }

  /** A new connection of the account with all privileges; the caller closes it. */
  public Connection connection() {
    return connect(server, schema, server.user(), server.password());
  }

  /** A new connection of the account; the caller closes it. */
  public Connection connection(Account account) {
    return connect(server, schema, account.user(), account.password());
  }

  /** Runs statements, one each, on the shared connection. */
  public void execute(String... statements) {
    for (var sql : statements) {
      try (var statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException failure) {
        throw failed(sql, failure);
      }
    }
  }

  /** The rows of a query, each the list of its values as the driver gives them. */
  public List<List<@Nullable Object>> query(String sql) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows(rows);
    } catch (SQLException failure) {
      throw failed(sql, failure);
    }
  }

  /** The rows of a query as text, values joined by " | ", NULL as NULL, in the query's order. */
  public List<String> strings(String sql) {
    return query(sql).stream().map(Rows::text).toList();
  }

  /** The single value of a query's single row, as text. */
  public String value(String sql) {
    var rows = strings(sql);
    if (rows.size() != 1) {
      throw new AssertionError("Expected one row, not " + rows.size() + ", of: " + sql);
    }
    return rows.getFirst();
  }

  public long count(String table) {
    return Long.parseLong(value("SELECT COUNT(*) FROM " + table));
  }

  /**
   * Makes an account that logs in with the engine's default plugin (caching_sha2_password on
   * MySQL).
   *
   * @param grants as after the word GRANT, without TO; {@code {schema}} stands for this schema,
   *     e.g. {@code SELECT, INSERT ON {schema}.*}
   */
  public Account createUser(String name, String... grants) {
    var user = name + "_" + COUNTER.incrementAndGet();
    var account = new Account(user, "pass word'" + user);
    var quoted = "'" + user + "'@'%'";
    execute(
        "CREATE USER " + quoted + " IDENTIFIED BY '" + account.password().replace("'", "''") + "'");
    users.add(quoted);
    for (var grant : grants) {
      execute("GRANT " + grant.replace("{schema}", schema) + " TO " + quoted);
    }
    return account;
  }

  /** What {@link #createUser} grants to an account that may see whom the server follows. */
  public String seesReplication() {
    return switch (engine()) {
      case MYSQL -> "REPLICATION CLIENT ON *.*";
      case MARIADB -> "REPLICA MONITOR ON *.*";
    };
  }

  /**
   * The whole schema as text, to compare end states: definitions without AUTO_INCREMENT counters,
   * then the sorted rows. The schema's name reads {@code <schema>}, so that two databases compare.
   * Of the journal's tables, whose rows hold times, only the definition is given.
   */
  public String snapshot() {
    return Snapshot.of(this);
  }

  /** What Halcyon has in this schema: "table x", "view x", "trigger x", "routine x", sorted. */
  public List<String> ownObjects() {
    return strings(
            """
            SELECT CONCAT(IF(table_type = 'VIEW', 'view ', 'table '), table_name)
              FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_name REGEXP '^(halcyon|hal)_'
            UNION ALL SELECT CONCAT('trigger ', trigger_name) FROM information_schema.triggers
             WHERE trigger_schema = DATABASE() AND trigger_name REGEXP '^(halcyon|hal)_'
            UNION ALL SELECT CONCAT('routine ', routine_name) FROM information_schema.routines
             WHERE routine_schema = DATABASE() AND routine_name REGEXP '^(halcyon|hal)_'
            """)
        .stream()
        .sorted()
        .toList();
  }

  /** Drops the schema and the accounts. */
  @Override
  public void close() {
    try (var closing = connection) {
      try (var statement = closing.createStatement()) {
        // A test that left a lock behind must fail with the leak check's words, not hang here.
        statement.execute("SET SESSION lock_wait_timeout = 5");
        statement.execute("DROP DATABASE IF EXISTS " + schema);
        for (var user : users) {
          statement.execute("DROP USER IF EXISTS " + user);
        }
      }
    } catch (SQLException failure) {
      throw failed("DROP DATABASE " + schema, failure);
    }
  }

  public static Connection connect(
      EmbeddedServer server, String schema, String user, String password) {
    var mode = server.certificateAuthority().isPresent() ? "trust" : "disable";
    // MariaDB's own scheme, because its driver leaves jdbc:mysql: urls to others.
    var url =
        "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=%s&allowPublicKeyRetrieval=true&socketTimeout=%d"
            .formatted(server.port(), schema, mode, PATIENCE_MILLIS);
    try {
      return DriverManager.getConnection(url, user, password);
    } catch (SQLException failure) {
      throw failed("(connect as " + user + " to " + url + ")", failure);
    }
  }

  private static List<List<@Nullable Object>> rows(ResultSet rows) throws SQLException {
    var all = new ArrayList<List<@Nullable Object>>();
    var columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      var row = new ArrayList<@Nullable Object>(columns);
      for (var column = 1; column <= columns; column++) {
        row.add(rows.getObject(column));
      }
      all.add(Collections.unmodifiableList(row));
    }
    return all;
  }

  private static AssertionError failed(String sql, SQLException failure) {
    return new AssertionError(
        "%d (%s) %s\n  in: %s"
            .formatted(
                failure.getErrorCode(),
                Objects.toString(failure.getSQLState(), "no state"),
                failure.getMessage(),
                sql),
        failure);
  }
}
