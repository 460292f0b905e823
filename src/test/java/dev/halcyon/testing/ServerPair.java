package dev.halcyon.testing;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.embedded.Replication;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Two servers, named a and b, each the replica of the other by GTIDs. Server a takes writes to
 * begin with, b is fenced. For one thread.
 */
public final class ServerPair implements AutoCloseable {
  private final EmbeddedServer a;
  private final EmbeddedServer b;
  private final Map<String, Connection> admins;

  private ServerPair(EmbeddedServer a, EmbeddedServer b) {
    this.a = a;
    this.b = b;
    this.admins = new ConcurrentHashMap<>(Map.of("a", admin(a), "b", admin(b)));
  }

  /** As {@link #start} of MySQL, following by file and offset, without global transaction ids. */
  public static ServerPair startByOffset(Options options) {
    var a = Servers.startOwn(Engine.MYSQL, options.with("server_id", "1"));
    EmbeddedServer b;
    try {
      b = Servers.startOwn(Engine.MYSQL, options.with("server_id", "2"));
    } catch (RuntimeException failure) {
      a.close();
      throw failure;
    }
    var pair = new ServerPair(a, b);
    pair.followByOffset("a", b);
    pair.followByOffset("b", a);
    pair.fence("b");
    return pair;
  }

  private void followByOffset(String replica, EmbeddedServer source) {
    execute(
        replica,
        """
        CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = %d,
          SOURCE_USER = '%s', SOURCE_PASSWORD = '%s', SOURCE_LOG_FILE = '%s',
          SOURCE_LOG_POS = %s, SOURCE_CONNECT_RETRY = 1, GET_SOURCE_PUBLIC_KEY = 1
        """
            .formatted(
                source.port(),
                source.user(),
                source.password(),
                logged(other(replica), "file"),
                logged(other(replica), "position")),
        "START REPLICA");
  }

  /** How far a MySQL's log is. */
  private @Nullable String logged(String name, String part) {
    return value(
        name,
        "SELECT JSON_UNQUOTE(JSON_EXTRACT(local, '$.binary_log_%s')) FROM".formatted(part)
            + " performance_schema.log_status");
  }

  /** As {@link #start}; whichever of them starts again is fenced, as it should be. */
  public static ServerPair startFenced(Engine engine, Options options) {
    var pair = start(engine, options.with("read_only", "ON"));
    pair.unfence("a");
    return pair;
  }

  /** Starts both and has them follow each other. */
  public static ServerPair start(Engine engine, Options options) {
    var a = Servers.startOwn(engine, Replication.options(engine, options, 1));
    EmbeddedServer b;
    try {
      b = Servers.startOwn(engine, Replication.options(engine, options, 2));
    } catch (RuntimeException failure) {
      a.close();
      throw failure;
    }
    var pair = new ServerPair(a, b);
    pair.follow("a", b);
    pair.follow("b", a);
    pair.fence("b");
    return pair;
  }

  private static Connection admin(EmbeddedServer server) {
    return Database.connect(server, "", server.user(), server.password());
  }

  private void follow(String replica, EmbeddedServer source) {
    execute(replica, Replication.follow(source).toArray(String[]::new));
  }

  public EmbeddedServer server(String name) {
    return name.equals("a") ? a : b;
  }

  /** As the product sees it, with an account that may do everything. */
  public Pair pair(String schema) {
    return new Pair(member("a", schema), member("b", schema));
  }

  private Member member(String name, String schema) {
    return member(name, server(name).port(), schema);
  }

  /** What one of them answers at another port, by the same account. */
  public Member member(String name, int port, String schema) {
    return new Member(
        name,
        new ConnectionSettings(
            "jdbc:mariadb://127.0.0.1:%d/%s".formatted(port, schema), a.user(), a.password()));
  }

  public static String other(String name) {
    return name.equals("a") ? "b" : "a";
  }

  /** No account but the pair's own and replication may write; waits for what is being written. */
  public void fence(String name) {
    switch (a.engine()) {
      case MARIADB -> execute(name, "SET GLOBAL read_only = 1");
      case MYSQL -> execute(name, "SET GLOBAL super_read_only = 1");
    }
  }

  public void unfence(String name) {
    switch (a.engine()) {
      case MARIADB -> execute(name, "SET GLOBAL read_only = 0");
      case MYSQL -> execute(name, "SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
    }
  }

  /** Waits until the server has applied all that the other one, which is fenced, has written. */
  public void awaitApplied(String name, Duration patience) {
    String source = other(name);
    long seconds = patience.toSeconds();
    switch (a.engine()) {
      case MARIADB -> {
        var position = value(source, "SELECT @@gtid_binlog_pos");
        var outcome = value(name, "SELECT MASTER_GTID_WAIT('%s', %d)".formatted(position, seconds));
        require(name, position, "0".equals(outcome));
      }
      case MYSQL -> {
        if ("OFF".equals(value(source, "SELECT @@gtid_mode"))) {
          var file = logged(source, "file");
          var position = logged(source, "position");
          var outcome =
              value(
                  name, "SELECT SOURCE_POS_WAIT('%s', %s, %d)".formatted(file, position, seconds));
          require(name, file + ":" + position, outcome != null && !outcome.equals("-1"));
          return;
        }
        var position = value(source, "SELECT REPLACE(@@gtid_executed, '\\n', '')");
        var outcome =
            value(name, "SELECT WAIT_FOR_EXECUTED_GTID_SET('%s', %d)".formatted(position, seconds));
        require(name, position, "0".equals(outcome));
      }
    }
  }

  private void require(String name, @Nullable String position, boolean reached) {
    if (!reached) {
      throw new AssertionError(
          "Server %s has not reached %s: %s".formatted(name, position, replication(name)));
    }
  }

  /** How the server's replication stands, for people. */
  private String replication(String name) {
    var status =
        switch (a.engine()) {
          case MARIADB -> "SHOW SLAVE STATUS";
          case MYSQL -> "SHOW REPLICA STATUS";
        };
    try (var statement = admin(name).createStatement();
        var rows = statement.executeQuery(status)) {
      var text = new StringBuilder();
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          var label = rows.getMetaData().getColumnLabel(i);
          if (label.matches("(?i).*(error|running|gtid).*")) {
            text.append(label).append('=').append(rows.getString(i)).append(' ');
          }
        }
      }
      return text.toString();
    } catch (SQLException failure) {
      throw new AssertionError(status, failure);
    }
  }

  /** Runs statements as the account that the fence stops on MySQL only. */
  public void execute(String name, String... statements) {
    for (var sql : statements) {
      try (var statement = admin(name).createStatement()) {
        statement.execute(sql);
      } catch (SQLException failure) {
        throw new AssertionError("On server " + name + ": " + sql, failure);
      }
    }
  }

  /** The first value of a query's first row. */
  public @Nullable String value(String name, String sql) {
    try (var statement = admin(name).createStatement();
        var rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new AssertionError("No row of: " + sql);
      }
      return rows.getString(1);
    } catch (SQLException failure) {
      throw new AssertionError("On server " + name + ": " + sql, failure);
    }
  }

  /** A query's rows: the second value by the first one. */
  public SortedMap<Integer, String> values(String name, String sql) {
    try (var statement = admin(name).createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new TreeMap<Integer, String>();
      while (rows.next()) {
        values.put(rows.getInt(1), rows.getString(2));
      }
      return values;
    } catch (SQLException failure) {
      throw new AssertionError("On server " + name + ": " + sql, failure);
    }
  }

  private Connection admin(String name) {
    return Objects.requireNonNull(
        admins.computeIfPresent(name, (_, admin) -> alive(admin) ? admin : admin(server(name))),
        name);
  }

  /** Not so of one whose server was started anew. */
  private static boolean alive(Connection connection) {
    try {
      return connection.isValid(10);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    try {
      for (var admin : admins.values()) {
        admin.close();
      }
    } catch (SQLException failure) {
      throw new AssertionError("Cannot close", failure);
    } finally {
      a.close();
      b.close();
    }
  }
}
