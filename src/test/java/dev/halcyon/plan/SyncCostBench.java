package dev.halcyon.plan;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the sync triggers cost: time of a statement with an open window, as a ratio to the same
 * statement without one. Each case is measured in turns with and without, on a server of its own;
 * the ratio is that of the medians. Run by {@code bench/sync.sh}.
 */
public final class SyncCostBench {
  private static final int ROUNDS = 5;
  private static final int STATEMENTS = 500;
  private static final int PER_TRANSACTION = 100;
  private static final int ROWS = 20_000;

  /** A statement with {@code ?} for a key, and {@code {round}} so that each changes something. */
  private record Case(String name, String sql) {}

  private static final List<Case> SPLIT =
      List.of(
          new Case("INSERT parent without value", "INSERT INTO users (username) VALUES ('?')"),
          new Case(
              "INSERT parent with value",
              "INSERT INTO users (username, line_1) VALUES ('?', '{round} ?')"),
          new Case("UPDATE parent", "UPDATE users SET line_1 = '{round} p ?' WHERE id = ?"),
          new Case(
              "UPDATE parent, other column",
              "UPDATE users SET username = '{round} ?' WHERE id = ?"),
          new Case(
              "INSERT child", "INSERT INTO addresses (user_id, line_1) VALUES (?, '{round} c ?')"),
          new Case("UPDATE child", "UPDATE addresses SET line_1 = '{round} c ?' WHERE id = ?"));
  private static final List<Case> RENAME =
      List.of(
          new Case("INSERT", "INSERT INTO users (username, line_1) VALUES ('?', '{round} ?')"),
          new Case("UPDATE", "UPDATE users SET line_1 = '{round} p ?' WHERE id = ?"),
          new Case("UPDATE other column", "UPDATE users SET username = '{round} ?' WHERE id = ?"));

  private SyncCostBench() {}

  /**
   * @param arguments {@code mariadb} or {@code mysql}; both when none is given
   */
  public static void main(String[] arguments) throws SQLException {
    List<Engine> engines =
        arguments.length == 0
            ? List.of(Engine.values())
            : List.of(Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT)));
    for (Engine engine : engines) {
      for (boolean durable : List.of(false, true)) {
        Options options = Options.defaults().durable(durable);
        try (EmbeddedServer server = Servers.startOwn(engine, options)) {
          String commits =
              durable ? "every statement committed" : PER_TRANSACTION + " statements a transaction";
          System.out.printf("%n%s, %s:%n", engine.label(), commits);
          int perTransaction = durable ? 1 : PER_TRANSACTION;
          String rename = "ALTER TABLE users RENAME COLUMN line_1 TO line_one;";
          measure(server, "rename", rename, false, RENAME, perTransaction);
          measure(server, "split", SplitWriters.SPLIT, true, SPLIT, perTransaction);
        }
      }
    }
  }

  private static void measure(
      EmbeddedServer server,
      String kind,
      String change,
      boolean child,
      List<Case> cases,
      int perTransaction)
      throws SQLException {
    try (var without = Database.fresh(server);
        var with = Database.fresh(server)) {
      fill(without);
      fill(with);
      if (child) {
        without.execute(
            SplitWriters.ADDRESSES,
            "INSERT INTO addresses (user_id, line_1) SELECT id, line_1 FROM users WHERE line_1 IS"
                + " NOT NULL");
      }
      PlannedChange.plan(with, change).expand();
      for (Case each : cases) {
        var bare = new ArrayList<Long>();
        var synced = new ArrayList<Long>();
        for (int round = 0; round < ROUNDS; round++) {
          bare.add(time(without, each, round, perTransaction));
          synced.add(time(with, each, round, perTransaction));
        }
        double before = median(bare) / 1000.0 / STATEMENTS;
        double after = median(synced) / 1000.0 / STATEMENTS;
        System.out.printf(
            Locale.ROOT,
            "  %-7s %-28s %7.0f us %7.0f us  ratio %.2f%n",
            kind,
            each.name(),
            before,
            after,
            after / before);
      }
    }
  }

  private static void fill(Database database) {
    database.execute(SplitWriters.USERS);
    var rows = new ArrayList<String>();
    for (int i = 1; i <= ROWS; i++) {
      rows.add("(" + i + ", 'user', " + (i % 2 == 0 ? "'line'" : "NULL") + ")");
    }
    database.execute("INSERT INTO users (id, username, line_1) VALUES " + String.join(", ", rows));
  }

  private static long time(Database database, Case each, int round, int perTransaction)
      throws SQLException {
    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      long start = System.nanoTime();
      for (int i = 0; i < STATEMENTS; i++) {
        // Parents with even numbers have a child; those of the first half of them have it from the
        // backfill, in the same order as their keys.
        long number = 2L * (1 + (i + (long) round * STATEMENTS) % (ROWS / 2));
        String key = each.name().equals("UPDATE child") ? "" + number / 2 : "" + number;
        statement.execute(each.sql().replace("{round}", "" + round).replace("?", key));
        if ((i + 1) % perTransaction == 0) {
          connection.commit();
        }
      }
      connection.commit();
      return System.nanoTime() - start;
    }
  }

  private static double median(List<Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
