package dev.halcyon.bench;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.sql.Sql;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What it costs that Halcyon's own statements carry a condition by which they are known: the same
 * chunks with and without it, in turns, on a server of its own; the ratio is that of the medians.
 * Run by {@code bench/own.sh}.
 */
public final class OwnMarkBench {
  private static final int ROWS = 200_000;
  private static final int ROUNDS = 7;

  /** Rows of a chunk; a chunk beside writers has few. */
  private static final List<Integer> CHUNKS = List.of(50, 2_000);

  private OwnMarkBench() {}

  /**
   * @param arguments {@code mariadb} or {@code mysql}; both when none is given
   */
  public static void main(String[] arguments) throws SQLException {
    List<Engine> engines =
        arguments.length == 0
            ? List.of(Engine.values())
            : List.of(Engine.valueOf(arguments[0].toUpperCase(Locale.ROOT)));
    for (Engine engine : engines) {
      try (EmbeddedServer server = Servers.startOwn(engine, Options.defaults());
          var database = Database.fresh(server);
          var connection = database.connection()) {
        fill(database);
        connection.setAutoCommit(false);
        for (int chunk : CHUNKS) {
          measure(engine, connection, chunk, "UPDATE t SET b = CONCAT(a, '{round}')");
          measure(engine, connection, chunk, "SELECT COUNT(*) FROM t");
        }
      }
    }
  }

  private static void fill(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(100) NOT NULL, b VARCHAR(110))");
    for (int from = 0; from < ROWS; from += 10_000) {
      database.execute(
          "INSERT INTO t (id, a) VALUES "
              + IntStream.range(from, from + 10_000)
                  .mapToObj(id -> "(" + id + ", REPEAT('x', 100))")
                  .collect(Collectors.joining(", ")));
    }
  }

  private static void measure(Engine engine, Connection connection, int chunk, String statement)
      throws SQLException {
    var without = new ArrayList<Long>();
    var with = new ArrayList<Long>();
    for (int round = 0; round < ROUNDS; round++) {
      // So that each changes every row.
      String one = statement.replace("{round}", "a" + round);
      String other = statement.replace("{round}", "b" + round);
      without.add(time(connection, chunk, one, ""));
      with.add(time(connection, chunk, other, " AND " + Sql.OWN));
    }
    double before = median(without);
    double after = median(with);
    System.out.printf(
        Locale.ROOT,
        "%-8s %-40s %5d rows a chunk: %7.0f us %7.0f us  ratio %.2f%n",
        engine.label(),
        statement,
        chunk,
        before,
        after,
        after / before);
  }

  /** Microseconds of a chunk in the mean. */
  private static long time(Connection connection, int chunk, String sql, String own)
      throws SQLException {
    int chunks = Math.min(200, ROWS / chunk);
    try (var statement = connection.createStatement()) {
      long start = System.nanoTime();
      for (int i = 0; i < chunks; i++) {
        int from = i * chunk;
        statement.execute(sql + " WHERE id >= " + from + " AND id < " + (from + chunk) + own);
      }
      connection.commit();
      return (System.nanoTime() - start) / 1000 / chunks;
    }
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
