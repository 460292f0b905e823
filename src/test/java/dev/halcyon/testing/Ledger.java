package dev.halcyon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Writes to a small table {@code t (id, v)} and remembers every write that was acknowledged. All
 * writers add to the shared rows, whose sums tell of each lost write; each has rows of its own,
 * which come, change and go. Rows below zero are nobody's. Thread-safe.
 */
public final class Ledger {
  /** Rows that everybody writes to, from id 1 on. */
  public static final int SHARED = 50;

  private static final int OWN = 20;
  private static final int ROOM = 1_000_000;

  private final AtomicLongArray sums = new AtomicLongArray(SHARED + 1);
  private final Map<Integer, Integer> own = new ConcurrentHashMap<>();
  private final AtomicInteger writers = new AtomicInteger();

  /** Where the rows of a thread begin; who comes after the first ones takes over theirs. */
  private final ThreadLocal<Integer> base;

  /**
   * @param most how many threads write at once
   */
  public Ledger(int most) {
    this.base = ThreadLocal.withInitial(() -> (1 + writers.getAndIncrement() % most) * ROOM);
  }

  public static void create(Database database) {
    database.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, KEY (v))");
    for (var id = 1; id <= SHARED; id++) {
      database.execute("INSERT INTO t VALUES (" + id + ", 0)");
    }
  }

  /** One write. */
  public void write(Random random, Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      if (random.nextBoolean()) {
        var id = 1 + random.nextInt(SHARED);
        changed(1, statement.executeUpdate("UPDATE t SET v = v + 1 WHERE id = " + id));
        sums.incrementAndGet(id);
        return;
      }
      var id = base.get() + random.nextInt(OWN);
      var value = random.nextInt(ROOM);
      if (!own.containsKey(id)) {
        changed(1, statement.executeUpdate("INSERT INTO t VALUES (%d, %d)".formatted(id, value)));
        own.put(id, value);
      } else if (random.nextInt(3) > 0) {
        statement.executeUpdate("UPDATE t SET v = %d WHERE id = %d".formatted(value, id));
        own.put(id, value);
      } else {
        changed(1, statement.executeUpdate("DELETE FROM t WHERE id = " + id));
        own.remove(id);
      }
    }
  }

  private static void changed(int expected, int rows) {
    assertThat(rows).as("rows that are there, to the writer").isEqualTo(expected);
  }

  /** When nobody writes any more: the table has what was acknowledged, and nothing else. */
  public void requireSame(Database database) {
    var expected = new ArrayList<String>();
    for (var id = 1; id <= SHARED; id++) {
      expected.add(id + " | " + sums.get(id));
    }
    own.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(row -> expected.add(row.getKey() + " | " + row.getValue()));
    assertThat(database.strings("SELECT id, v FROM t WHERE id > 0 ORDER BY id"))
        .isEqualTo(expected);
  }
}
