package dev.halcyon.bench;

import dev.halcyon.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application that writes at a fixed rate: nine updates by key to one insert. The time of a
 * write counts from when it was due, so a stall shows in every write that it delays.
 */
final class PacedWriters implements AutoCloseable {
  private static final int THREADS = 8;
  private static final Duration LAST = Duration.ofSeconds(3);

  private final long rows;
  private final long intervalNanos;
  private final long start = System.nanoTime();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong inserted = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Write> writes = new ArrayList<>(1_000_000);
  private final List<String> errors = new ArrayList<>();
  private volatile boolean stopping;

  /** How long a write took from when it was due, in nanoseconds. */
  private record Write(long ended, long took) {}

  /**
   * What the writers met.
   *
   * @param lastMillis the longest of those that ended in the last three seconds
   */
  record Seen(
      long writes,
      double medianMillis,
      double p99Millis,
      double longestMillis,
      double lastMillis,
      List<String> errors) {
    @Override
    public String toString() {
      return "%d writes: p50 %.1f, p99 %.1f, max %.1f, at the end %.1f ms, %d errors %s"
          .formatted(
              writes,
              medianMillis,
              p99Millis,
              longestMillis,
              lastMillis,
              errors.size(),
              errors.stream().limit(3).toList());
    }
  }

  PacedWriters(Database database, long rows, int perSecond) {
    this.rows = rows;
    this.intervalNanos = 1_000_000_000L / perSecond;
    for (var number = 0; number < THREADS; number++) {
      var random = new Random(number);
      var connection = database.connection();
      threads.add(
          Thread.ofPlatform().name("writer-" + number).start(() -> write(connection, random)));
    }
  }

  /** How many rows were added. */
  long inserted() {
    return inserted.get();
  }

  /** Forgets what was seen so far. */
  void forget() {
    synchronized (writes) {
      writes.clear();
    }
  }

  Seen seen() {
    synchronized (writes) {
      var sorted = writes.stream().mapToLong(Write::took).toArray();
      Arrays.sort(sorted);
      var late = System.nanoTime() - LAST.toNanos();
      var last =
          writes.stream().filter(w -> w.ended() > late).mapToLong(Write::took).max().orElse(0);
      return new Seen(
          sorted.length,
          millis(sorted, 0.5),
          millis(sorted, 0.99),
          millis(sorted, 1),
          last / 1e6,
          List.copyOf(errors));
    }
  }

  @Override
  public void close() {
    stopping = true;
    for (var thread : threads) {
      try {
        thread.join(Duration.ofSeconds(30));
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interruption);
      }
    }
  }

  private void write(Connection connection, Random random) {
    try (connection;
        var update =
            connection.prepareStatement("UPDATE orders SET amount_cents = ? WHERE id = ?");
        var insert =
            connection.prepareStatement(
                "INSERT INTO orders (customer, placed, reference, note, amount_cents)"
                    + " VALUES (?, NOW(), 'new', 'new', 1)")) {
      while (!stopping) {
        var due = start + next.getAndIncrement() * intervalNanos;
        var wait = due - System.nanoTime();
        if (wait > 0) {
          Thread.sleep(Duration.ofNanos(wait));
        }
        try {
          if (random.nextInt(10) == 0) {
            insert.setInt(1, random.nextInt());
            insert.executeUpdate();
            inserted.incrementAndGet();
          } else {
            update.setInt(1, random.nextInt(1_000_000));
            update.setLong(2, 1 + random.nextLong(rows));
            update.executeUpdate();
          }
        } catch (SQLException failure) {
          synchronized (writes) {
            errors.add(failure.toString());
          }
        }
        synchronized (writes) {
          var ended = System.nanoTime();
          writes.add(new Write(ended, ended - due));
        }
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private static double millis(long[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }
}
