package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * Random tables, rows, changes and writes: a rebuild makes of them what the server's own {@code
 * ALTER TABLE} makes, or refuses and changes nothing.
 *
 * <p>Settings: {@code halcyon.test.seed}, the first one; {@code halcyon.test.seeds}, how many on
 * demand.
 */
class RandomChangesTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", 1);
  private static final int MANY = Integer.getInteger("halcyon.test.seeds", 50);
  private static final int FEW = 3;
  private static final int WRITERS = 2;
  private static final int ROWS = 120;
  private static final long THINK_NANOS = 2_000_000;

  /** Duplicates, deadlocks, waits: what such writers do to each other. */
  private static final Set<Integer> EXPECTED = Set.of(1062, 1213, 1205, 1020);

  private enum End {
    EQUAL,
    REFUSED_BY_BOTH,
    REFUSED_BY_US
  }

  @EngineTest
  void aRandomChangeIsWhatTheServerMakesOfIt(Database database) {
    changes(database, FEW);
  }

  @EngineTest
  @Tag("chaos")
  void randomChangesAreWhatTheServerMakesOfThem(Database database) {
    changes(database, MANY);
  }

  private static void changes(Database database, int count) {
    var ends = new TreeMap<End, Integer>();
    var reasons = new ArrayList<String>();
    var failed = new ArrayList<String>();
    for (var seed = SEED; seed < SEED + count; seed++) {
      var random = new Random(seed);
      var table = new RandomTable(random);
      var change = table.change(random);
      try {
        var end = new Round(database, table, change, seed).run(reasons);
        ends.merge(end, 1, Integer::sum);
      } catch (RuntimeException | AssertionError failure) {
        failed.add(
            "seed %d (-Dhalcyon.test.seed=%1$d -Dhalcyon.test.seeds=1)%n%s;%n%s;%n%s"
                .formatted(seed, table.create(), change, failure.getMessage()));
      }
      database.execute("DROP TABLE IF EXISTS t, n, t_hal_new, t_hal_old, halcyon_rebuild");
    }
    System.out.printf(
        "%s: %s from seed %d on%n%s%n",
        database.engine().label(), ends, SEED, String.join("\n", reasons));
    assertThat(failed).as("%d of %d seeds", failed.size(), count).isEmpty();
    if (count >= 20) {
      assertThat(ends.getOrDefault(End.EQUAL, 0)).isGreaterThan(count / 2);
    }
  }

  /** One table and one change of it. */
  private record Round(Database database, RandomTable table, String change, long seed) {
    End run(List<String> reasons) {
      database.execute(table.create());
      var random = new Random(seed);
      for (var i = 0; i < ROWS; i++) {
        database.execute(table.insert(random, "REPLACE"));
      }
      var before = shape("t");
      @Nullable String refused = null;
      try (var load = new Writers(database, table, seed)) {
        try {
          new Rebuilding(database)
              .chunks(10)
              .atStep(
                  CutOver.STEP,
                  () -> {
                    load.pause();
                    copy();
                  })
              .run(change);
        } catch (Refusal | Failure failure) {
          refused = String.valueOf(failure.getMessage());
        }
      }
      if (refused == null) {
        database.execute(change.replace("ALTER TABLE t ", "ALTER TABLE n "));
        assertThat(shape("t")).isEqualTo(shape("n"));
        assertThat(rows("t")).isEqualTo(rows("n"));
        return End.EQUAL;
      }
      var rows = rows("t");
      assertThat(shape("t")).isEqualTo(before);
      assertThat(new Rebuilding(database).abandon("t")).isFalse();
      assertThat(database.strings("SHOW TABLES LIKE 't\\_hal%'")).isEmpty();
      assertThat(rows("t")).isEqualTo(rows);
      database.execute("DROP TABLE IF EXISTS n");
      copy();
      try {
        database.execute(change.replace("ALTER TABLE t ", "ALTER TABLE n "));
      } catch (AssertionError too) {
        reasons.add("  %d both: %s".formatted(seed, firstLine(String.valueOf(too.getMessage()))));
        return End.REFUSED_BY_BOTH;
      }
      reasons.add("  %d ours: %s | %s".formatted(seed, firstLine(refused), change));
      return End.REFUSED_BY_US;
    }

    private static String firstLine(String text) {
      return text.lines().findFirst().orElse("");
    }

    /** The rows as they are, for the server's own way. */
    private void copy() {
      database.execute(
          "CREATE TABLE n LIKE t",
          "INSERT INTO n (%s) SELECT %1$s FROM t".formatted(table.stored()));
    }

    private String shape(String name) {
      return database
          .value("SHOW CREATE TABLE " + name)
          .replaceFirst("^\\w+ \\| CREATE TABLE `\\w+`", "")
          .replaceAll(" AUTO_INCREMENT=\\d+", "");
    }

    /** Texts as bytes, so that nothing between here and the server makes two of them the same. */
    private List<String> rows(String name) {
      var columns =
          database
              .strings(
                  "SELECT CONCAT('HEX(CAST(`', column_name, '` AS CHAR)), HEX(`', column_name, '`)')"
                      + " FROM information_schema.columns WHERE table_schema = DATABASE()"
                      + " AND table_name = '"
                      + name
                      + "' ORDER BY ordinal_position")
              .stream()
              .collect(Collectors.joining(", "));
      return database.strings("SELECT " + columns + " FROM " + name).stream().sorted().toList();
    }
  }

  /** Writers that can be held between two transactions; what they do to each other is no error. */
  private static final class Writers implements AutoCloseable {
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(/* fair= */ true);
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, String> unexpected = new TreeMap<>();
    private volatile boolean stopping;

    Writers(Database database, RandomTable table, long seed) {
      for (var number = 1; number <= WRITERS; number++) {
        var random = new Random(seed * 31 + number);
        threads.add(
            Thread.ofPlatform()
                .name("writer-" + number)
                .start(
                    () -> {
                      try (var connection = database.connection()) {
                        while (!stopping) {
                          transaction(connection, table.write(random));
                          LockSupport.parkNanos(THINK_NANOS);
                        }
                      } catch (SQLException failure) {
                        unexpected(failure, "close");
                      }
                    }));
      }
    }

    private void transaction(Connection connection, List<String> statements) throws SQLException {
      gate.readLock().lock();
      try {
        if (!stopping) {
          attempt(connection, statements);
        }
      } finally {
        gate.readLock().unlock();
      }
    }

    private void attempt(Connection connection, List<String> statements) throws SQLException {
      var sql = "";
      try (var statement = connection.createStatement()) {
        for (var next : statements) {
          sql = next;
          statement.execute(next);
        }
      } catch (SQLException failure) {
        if (!EXPECTED.contains(failure.getErrorCode())) {
          unexpected(failure, sql);
        }
        try (var statement = connection.createStatement()) {
          statement.execute("ROLLBACK");
        }
      }
    }

    private synchronized void unexpected(SQLException failure, String sql) {
      unexpected.put(failure.getErrorCode(), failure.getMessage() + " in " + sql);
    }

    /** Until the end. */
    void pause() {
      gate.writeLock().lock();
      try {
        stopping = true;
      } finally {
        gate.writeLock().unlock();
      }
    }

    @Override
    public void close() {
      stopping = true;
      for (var thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException interruption) {
          Thread.currentThread().interrupt();
          throw new AssertionError(interruption);
        }
      }
      synchronized (this) {
        assertThat(unexpected).isEmpty();
      }
    }
  }
}
