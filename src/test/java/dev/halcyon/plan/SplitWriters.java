package dev.halcyon.plan;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.Load;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Both versions of an application over {@code users} and {@code addresses}: transactions of one to
 * five statements over a fixed number of users, which come and go.
 */
final class SplitWriters {
  static final String USERS =
      "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, username VARCHAR(20) NOT NULL,"
          + " line_1 VARCHAR(100), line_2 VARCHAR(100))";
  static final String ADDRESSES =
      "CREATE TABLE addresses (id INT AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL,"
          + " line_1 VARCHAR(100), line_2 VARCHAR(100), KEY (user_id), FOREIGN KEY (user_id)"
          + " REFERENCES users (id) ON DELETE CASCADE)";
  static final String SPLIT =
      "-- halcyon: split users(line_1, line_2) -> addresses by user_id keep=first\n"
          + ADDRESSES
          + ";\nALTER TABLE users DROP COLUMN line_1, DROP COLUMN line_2;\n";
  private static final int NO_PARENT = 1452;
  private static final int LONGEST = 5;

  /** Users whose columns are not those of their first address, both read in one snapshot. */
  static final String MISMATCHES =
      "SELECT COUNT(*) FROM users u LEFT JOIN addresses a ON a.id = (SELECT MIN(x.id) FROM"
          + " addresses x WHERE x.user_id = u.id) WHERE NOT (CAST(u.line_1 AS BINARY) <=>"
          + " CAST(a.line_1 AS BINARY) AND CAST(u.line_2 AS BINARY) <=> CAST(a.line_2 AS BINARY))";

  private final AtomicIntegerArray users;
  private final int isolation;

  /**
   * @param isolation as in {@link Connection}
   */
  SplitWriters(Database database, int count, int isolation) {
    this.users = new AtomicIntegerArray(count);
    this.isolation = isolation;
    var rows = new StringJoiner(", ", "INSERT INTO users (id, username, line_1) VALUES ", "");
    for (int i = 0; i < count; i++) {
      users.set(i, i + 1);
      rows.add("(" + (i + 1) + ", 'u', " + (i % 3 == 0 ? "NULL" : "'" + i + "'") + ")");
    }
    database.execute(USERS, rows.toString());
  }

  /** Knows only the columns of users. */
  Load.Work oldVersion() {
    return (random, connection) -> transaction(random, connection, this::oldStatement);
  }

  /** Knows only addresses. */
  Load.Work newVersion() {
    return (random, connection) -> transaction(random, connection, this::newStatement);
  }

  private interface OneStatement {
    void run(Random random, Statement statement, Map<Integer, Integer> replaced)
        throws SQLException;
  }

  private void transaction(Random random, Connection connection, OneStatement work)
      throws SQLException {
    connection.setTransactionIsolation(isolation);
    connection.setAutoCommit(false);
    var replaced = new HashMap<Integer, Integer>();
    try (var statement = connection.createStatement()) {
      for (int left = 1 + random.nextInt(LONGEST); left > 0; left--) {
        work.run(random, statement, replaced);
      }
      connection.commit();
      replaced.forEach(users::set);
    } catch (SQLException failure) {
      // The other version deleted the user meanwhile: the application's own affair, triggers or no.
      if (failure.getErrorCode() != NO_PARENT) {
        throw failure;
      }
      connection.rollback();
    }
  }

  private void oldStatement(Random random, Statement statement, Map<Integer, Integer> replaced)
      throws SQLException {
    int slot = random.nextInt(users.length());
    int user = replaced.getOrDefault(slot, users.get(slot));
    String value = value(random);
    int kind = random.nextInt(100);
    if (kind < 45) {
      statement.execute("UPDATE users SET line_1 = " + value + " WHERE id = " + user);
    } else if (kind < 55) {
      statement.execute("UPDATE users SET line_1 = NULL, line_2 = NULL WHERE id = " + user);
    } else if (kind < 65) {
      statement.execute("UPDATE users SET username = " + value + " WHERE id = " + user);
    } else if (kind < 75) {
      statement.execute(
          "UPDATE users SET line_2 = %s WHERE id BETWEEN %d AND %d"
              .formatted(value, user, user + 2));
    } else if (kind < 90) {
      String line = random.nextBoolean() ? value : "NULL";
      replace(statement, slot, user, "(username, line_1) VALUES ('n', " + line + ")", replaced);
    } else {
      read(statement, "SELECT id FROM users WHERE id = " + user);
    }
  }

  private void newStatement(Random random, Statement statement, Map<Integer, Integer> replaced)
      throws SQLException {
    int slot = random.nextInt(users.length());
    int user = replaced.getOrDefault(slot, users.get(slot));
    String value = value(random);
    int kind = random.nextInt(100);
    if (kind < 25) {
      insertAddress(statement, user, value);
    } else if (kind < 32) {
      statement.execute("UPDATE addresses SET line_2 = " + value + " WHERE user_id = " + user);
    } else if (kind < 37) {
      statement.execute("DELETE FROM addresses WHERE user_id = " + user);
    } else if (kind < 46) {
      int fresh = replace(statement, slot, user, "(username) VALUES ('n')", replaced);
      insertAddress(statement, fresh, value);
      insertAddress(statement, fresh, "'second'");
    } else {
      List<Integer> own = read(statement, "SELECT id FROM addresses WHERE user_id = " + user);
      if (own.isEmpty()) {
        return;
      }
      int address = own.get(random.nextInt(own.size()));
      if (kind < 70) {
        statement.execute("UPDATE addresses SET line_1 = " + value + " WHERE id = " + address);
      } else if (kind < 92) {
        statement.execute("DELETE FROM addresses WHERE id = " + address);
      } else {
        int other = users.get(random.nextInt(users.length()));
        statement.execute("UPDATE addresses SET user_id = " + other + " WHERE id = " + address);
      }
    }
  }

  private static void insertAddress(Statement statement, int user, String line)
      throws SQLException {
    statement.execute(
        "INSERT INTO addresses (user_id, line_1) VALUES (%d, %s)".formatted(user, line));
  }

  /** One user goes and another one comes, so that their number stays. */
  private static int replace(
      Statement statement, int slot, int user, String columns, Map<Integer, Integer> replaced)
      throws SQLException {
    statement.execute("DELETE FROM users WHERE id = " + user);
    statement.execute("INSERT INTO users " + columns, Statement.RETURN_GENERATED_KEYS);
    try (var keys = statement.getGeneratedKeys()) {
      keys.next();
      int fresh = keys.getInt(1);
      replaced.put(slot, fresh);
      return fresh;
    }
  }

  private static List<Integer> read(Statement statement, String sql) throws SQLException {
    var found = new ArrayList<Integer>();
    try (var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getInt(1));
      }
    }
    return found;
  }

  private static String value(Random random) {
    return "'" + Integer.toString(random.nextInt(1 << 20), 36) + "'";
  }
}
