package dev.halcyon.story;

import dev.halcyon.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What clients of both versions of an application wrote, in order, so that it can be written again
 * elsewhere. The clients run beside Halcyon, each on its own connection and in its own thread, but
 * one statement at a time among them: only then is there an order to repeat. (That they get along
 * with each other at once is {@link ChangeKindsTest}'s care.)
 */
final class Chronicle implements AutoCloseable {
  /** What an application answers by doing it again: deadlocks and lock waits. */
  private static final Set<Integer> RETRIED = Set.of(1213, 1205);

  private static final int MOST_RETRIES = 20;
  private static final int SMALL = 40;
  private static final Duration THINKING = Duration.ofMillis(4);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * A statement that succeeded.
   *
   * @param number the AUTO_INCREMENT number that it was given, 0 if none
   */
  record Entry(String sql, long number) {}

  private final Database database;
  private final Random random;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition written = lock.newCondition();
  private final List<Client> clients = new ArrayList<>();

  /** Guarded by the lock, as all that follows. */
  private List<Entry> entries = new ArrayList<>();

  private int unique = 10_000;
  private @Nullable AssertionError failure;

  Chronicle(Database database, long seed) {
    this.database = database;
    this.random = new Random(seed);
  }

  /** A version of the application begins to run its statements, one at random after the other. */
  Client start(String name, List<String> statements) {
    var client = new Client(name, List.copyOf(statements));
    clients.add(client);
    client.thread.start();
    return client;
  }

  /** What was written since the last chapter ended. */
  List<Entry> endChapter() {
    lock.lock();
    try {
      List<Entry> chapter = entries;
      entries = new ArrayList<>();
      return chapter;
    } finally {
      lock.unlock();
    }
  }

  /** Runs statements of the test's own, as part of the chapter. */
  void write(List<String> statements) {
    lock.lock();
    try (var connection = database.connection()) {
      for (String sql : statements) {
        entries.add(new Entry(sql, execute(connection, sql)));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes a chapter again, on another database.
   *
   * @param unnumbered a table whose numbers do not matter; null for none
   */
  static void repeat(Database database, List<Entry> chapter, @Nullable String unnumbered) {
    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      for (Entry entry : chapter) {
        boolean numbered =
            entry.number() > 0
                && (unnumbered == null || !entry.sql().startsWith("INSERT INTO " + unnumbered));
        if (numbered) {
          statement.execute("SET insert_id = " + entry.number());
        }
        try {
          statement.execute(entry.sql());
        } catch (SQLException e) {
          throw new AssertionError("cannot be repeated: " + entry, e);
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    clients.forEach(Client::end);
  }

  private static long execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql, Statement.RETURN_GENERATED_KEYS);
      if (!sql.startsWith("INSERT")) {
        return 0;
      }
      try (var keys = statement.getGeneratedKeys()) {
        return keys.next() ? keys.getLong(1) : 0;
      }
    }
  }

  /** One version of the application. */
  final class Client {
    private final String name;
    private final List<String> statements;
    private final Thread thread;
    private volatile boolean stopping;

    /** Guarded by the lock. */
    private int done;

    private Client(String name, List<String> statements) {
      this.name = name;
      this.statements = statements;
      this.thread = new Thread(this::work, "application-" + name);
    }

    /** Waits until it has run some more statements. */
    void work(int more) {
      lock.lock();
      try {
        int goal = done + more;
        long left = PATIENCE.toNanos();
        while (done < goal && failure == null) {
          if (left <= 0) {
            throw new AssertionError("the " + name + " application stands still at " + done);
          }
          left = written.awaitNanos(left);
        }
        throwFailure();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      } finally {
        lock.unlock();
      }
    }

    /** Ends it; a statement that failed in a way that no application expects fails the test. */
    void stop() {
      end();
      lock.lock();
      try {
        throwFailure();
      } finally {
        lock.unlock();
      }
    }

    private void end() {
      stopping = true;
      try {
        if (!thread.join(PATIENCE)) {
          throw new AssertionError("the " + name + " application does not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    private void throwFailure() {
      if (failure != null) {
        throw new AssertionError(failure.getMessage(), failure);
      }
    }

    private void work() {
      try (var connection = database.connection()) {
        while (!stopping) {
          lock.lock();
          try {
            once(connection);
            written.signalAll();
          } finally {
            lock.unlock();
          }
          TimeUnit.NANOSECONDS.sleep(THINKING.toNanos());
        }
      } catch (SQLException | InterruptedException | AssertionError e) {
        lock.lock();
        try {
          failure = new AssertionError("the " + name + " application failed: " + e.getMessage(), e);
          written.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }

    private void once(Connection connection) throws SQLException {
      unique++;
      String sql =
          statements
              .get(random.nextInt(statements.size()))
              .replace("{n}", String.valueOf(1 + random.nextInt(SMALL)))
              .replace("{u}", String.valueOf(unique));
      for (int retries = 0; ; retries++) {
        try {
          long number = execute(connection, sql);
          done++;
          if (!sql.toUpperCase(Locale.ROOT).startsWith("SELECT")) {
            entries.add(new Entry(sql, number));
          }
          return;
        } catch (SQLException e) {
          if (!RETRIED.contains(e.getErrorCode()) || retries == MOST_RETRIES) {
            throw new SQLException(
                e.getErrorCode() + " " + e.getMessage() + " in: " + sql,
                e.getSQLState(),
                e.getErrorCode(),
                e);
          }
        }
      }
    }
  }
}
