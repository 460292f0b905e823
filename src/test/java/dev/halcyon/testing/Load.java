package dev.halcyon.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Client threads that repeat a piece of work until they are stopped. A failed statement is counted
 * by its code, rolled back, and the work goes on, on a new connection if the old one is broken; any
 * other throwable ends the load and comes out of {@link #stop} with the seed.
 *
 * <p>Thread-safe.
 */
public final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ERRORS_KEPT = 10;

  /** One piece of work: a statement or a transaction. */
  @FunctionalInterface
  public interface Work {
    void run(Random random, Connection connection) throws SQLException;
  }

  private final long seed;
  private final Supplier<Connection> connections;
  private final Work work;
  private final List<Thread> threads = new ArrayList<>();
  private final Object lock = new Object();
  private final Map<Integer, Long> errors = new TreeMap<>();
  private final List<String> firstErrors = new ArrayList<>();
  private long[] latencies = new long[1024];
  private int done;
  private volatile boolean stopping;
  private @Nullable Throwable failure;

  private Load(long seed, Supplier<Connection> connections, Work work) {
    this.seed = seed;
    this.connections = connections;
    this.work = work;
  }

  /** Starts the threads on connections of the account with all privileges. */
  public static Load start(Database database, int threads, long seed, Work work) {
    return start(database::connection, threads, seed, work);
  }

  /**
   * Starts the threads.
   *
   * @param connections gives each thread a connection, and another when the first one broke
   * @param seed thread n gets a random source of its own from seed + n
   */
  public static Load start(Supplier<Connection> connections, int threads, long seed, Work work) {
    var load = new Load(seed, connections, work);
    for (var number = 0; number < threads; number++) {
      var random = new Random(seed + number);
      load.threads.add(new Thread(() -> load.repeat(random), "load-" + number));
    }
    load.threads.forEach(Thread::start);
    return load;
  }

  /** Waits until that much more work has succeeded from now on. */
  public void awaitDone(long more) {
    synchronized (lock) {
      var goal = done + more;
      var end = System.nanoTime() + PATIENCE.toNanos();
      while (done < goal && failure == null) {
        var left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError(
              "Only %d of %d pieces of work done in %s, errors %s, first %s, seed %d"
                  .formatted(done, goal, PATIENCE, errors, firstErrors, seed));
        }
        try {
          lock.wait(left);
        } catch (InterruptedException interruption) {
          Thread.currentThread().interrupt();
          throw new AssertionError("Interrupted while waiting for the load", interruption);
        }
      }
    }
  }

  /** Ends the load after the work in hand. */
  public LoadReport stop() {
    end();
    synchronized (lock) {
      if (failure != null) {
        throw new AssertionError("The load failed, seed " + seed, failure);
      }
      var sorted = Arrays.copyOf(latencies, done);
      Arrays.sort(sorted);
      return new LoadReport(
          done,
          errors,
          firstErrors,
          percentile(sorted, 0.50),
          percentile(sorted, 0.99),
          percentile(sorted, 1),
          seed);
    }
  }

  /** Ends the load, for a test that fails before it stops it. */
  @Override
  public void close() {
    end();
  }

  private void end() {
    stopping = true;
    try {
      for (var thread : threads) {
        thread.join(PATIENCE);
        if (thread.isAlive()) {
          throw new AssertionError(thread.getName() + " does not end, seed " + seed);
        }
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the load ended", interruption);
    }
  }

  private static Duration percentile(long[] sorted, double share) {
    if (sorted.length == 0) {
      return Duration.ZERO;
    }
    var index = (int) Math.ceil(share * sorted.length) - 1;
    return Duration.ofNanos(sorted[Math.max(0, index)]);
  }

  private void repeat(Random random) {
    try {
      while (!stopping) {
        try (var connection = connections.get()) {
          while (!stopping && once(random, connection)) {}
        } catch (SQLException closing) {
          failed(closing);
        } catch (AssertionError refused) {
          // The server is away for now, which is an error of the client like any other.
          if (!(refused.getCause() instanceof SQLException cause)) {
            throw refused;
          }
          failed(cause);
          Thread.sleep(20);
        }
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    } catch (Throwable unexpected) {
      stopping = true;
      synchronized (lock) {
        failure = unexpected;
        lock.notifyAll();
      }
    }
  }

  /** Whether the connection can go on. */
  private boolean once(Random random, Connection connection) {
    var start = System.nanoTime();
    try {
      work.run(random, connection);
      succeeded(System.nanoTime() - start);
      return true;
    } catch (SQLException refused) {
      failed(refused);
      return recovered(connection);
    }
  }

  private boolean recovered(Connection connection) {
    try {
      if (!connection.isValid(5)) {
        return false;
      }
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      return true;
    } catch (SQLException broken) {
      failed(broken);
      return false;
    }
  }

  private void succeeded(long nanos) {
    synchronized (lock) {
      if (done == latencies.length) {
        latencies = Arrays.copyOf(latencies, 2 * done);
      }
      latencies[done++] = nanos;
      lock.notifyAll();
    }
  }

  private void failed(SQLException refused) {
    synchronized (lock) {
      errors.merge(refused.getErrorCode(), 1L, Long::sum);
      if (firstErrors.size() < ERRORS_KEPT) {
        firstErrors.add(
            refused.getErrorCode() + " (" + refused.getSQLState() + ") " + refused.getMessage());
      }
    }
  }
}
