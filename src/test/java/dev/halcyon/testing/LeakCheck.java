package dev.halcyon.testing;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.model.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a test left behind: schemas, accounts, our tables in system schemas, connections, user
 * locks, servers of its own. A leak is reported once and then removed, so that the next test starts
 * clean.
 */
final class LeakCheck implements AutoCloseable {
  /** How long a connection or thread that is ending may take. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final long PAUSE_MILLIS = 10;
  private static final int ENDED_BY_ITSELF = 1094;

  private final EmbeddedServer server;
  private final Connection connection;
  private final Set<String> schemas;
  private final Set<String> accounts;
  private final Set<Long> connections;

  private LeakCheck(EmbeddedServer server, Connection connection) throws SQLException {
    this.server = server;
    this.connection = connection;
    this.schemas = new TreeSet<>(schemas());
    this.accounts = new TreeSet<>(accounts());
    this.connections = new TreeSet<>(connections().keySet());
  }

  /** Remembers what is there before the test. */
  static LeakCheck before(EmbeddedServer server) {
    var connection = Database.connect(server, "", server.user(), server.password());
    try {
      return new LeakCheck(server, connection);
    } catch (SQLException failure) {
      throw new AssertionError("Cannot look at the server before the test", failure);
    }
  }

  /** Fails with all that is left; waits shortly for what is just ending. */
  void assertNothingLeft() {
    assertNothingLeft(PATIENCE);
  }

  void assertNothingLeft(Duration patience) {
    try {
      var left = leaks();
      var end = System.nanoTime() + patience.toNanos();
      while (!left.isEmpty() && System.nanoTime() < end) {
        Thread.sleep(PAUSE_MILLIS);
        left = leaks();
      }
      if (!left.isEmpty()) {
        remove();
        throw new AssertionError("The test left behind:\n  " + String.join("\n  ", left));
      }
    } catch (SQLException failure) {
      throw new AssertionError("Cannot look for leaks", failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while looking for leaks", interruption);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new AssertionError("Cannot close the leak check's connection", failure);
    }
  }

  private List<String> leaks() throws SQLException {
    var left = new ArrayList<String>();
    newSchemas().forEach(name -> left.add("schema " + name));
    newAccounts().forEach(name -> left.add("account " + name));
    misplacedTables().forEach(name -> left.add("table " + name));
    newConnections().values().forEach(text -> left.add("connection " + text));
    if (server.engine() == Engine.MYSQL) {
      left.addAll(
          strings(
              "SELECT CONCAT('user lock ', object_name) FROM performance_schema.metadata_locks"
                  + " WHERE object_type = 'USER LEVEL LOCK'"));
    }
    Servers.own(server.engine())
        .forEach(own -> left.add("own server " + own.engine().label() + " on port " + own.port()));
    return left;
  }

  private void remove() throws SQLException {
    for (var id : newConnections().keySet()) {
      try (var statement = connection.createStatement()) {
        statement.execute("KILL " + id);
      } catch (SQLException failure) {
        if (failure.getErrorCode() != ENDED_BY_ITSELF) {
          throw failure;
        }
      }
    }
    try (var statement = connection.createStatement()) {
      for (var name : newSchemas()) {
        statement.execute("DROP DATABASE `" + name + "`");
      }
      for (var name : misplacedTables()) {
        statement.execute("DROP TABLE " + name);
      }
      for (var name : newAccounts()) {
        statement.execute("DROP USER " + name);
      }
    }
    Servers.own(server.engine()).forEach(EmbeddedServer::close);
  }

  private List<String> misplacedTables() throws SQLException {
    return strings(
        "SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables"
            + " WHERE table_schema IN ('mysql', 'sys') AND table_name REGEXP '^(halcyon|hal)_'");
  }

  /** Connections of other clients than this by id, with what a person wants to know of them. */
  private Map<Long, String> connections() throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT id, CONCAT(id, ' of ', user, '@', host, ' ', command, ': ',"
                    + " COALESCE(info, '-')) FROM information_schema.processlist"
                    + " WHERE id <> CONNECTION_ID() AND command NOT IN ('Daemon', 'Killed')"
                    + " AND user NOT IN ('system user', 'event_scheduler')")) {
      var all = new TreeMap<Long, String>();
      while (rows.next()) {
        all.put(rows.getLong(1), rows.getString(2));
      }
      return all;
    }
  }

  private Map<Long, String> newConnections() throws SQLException {
    var now = connections();
    now.keySet().removeAll(connections);
    return now;
  }

  private Set<String> newSchemas() throws SQLException {
    var now = new TreeSet<>(schemas());
    now.removeAll(schemas);
    return now;
  }

  private Set<String> newAccounts() throws SQLException {
    var now = new TreeSet<>(accounts());
    now.removeAll(accounts);
    return now;
  }

  private List<String> schemas() throws SQLException {
    return strings("SELECT schema_name FROM information_schema.schemata");
  }

  private List<String> accounts() throws SQLException {
    return strings("SELECT CONCAT('''', user, '''@''', host, '''') FROM mysql.user");
  }

  private List<String> strings(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }
}
