package dev.halcyon.pair;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Looks at both servers every 5 ms: never may applications write to both. */
public final class FenceWatch implements AutoCloseable {
  private static final String OPEN = "SELECT CAST(@@GLOBAL.read_only AS CHAR) IN ('0', 'OFF')";

  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean stopped;
  private final LongAdder looks = new LongAdder();

  private FenceWatch(ServerPair pair) {
    thread = Thread.ofPlatform().name("fence-watch").start(() -> watch(pair));
  }

  public static FenceWatch start(ServerPair pair) {
    return new FenceWatch(pair);
  }

  /** When both were writable; and whether there was a look at all. */
  public List<String> violations() {
    return looks.sum() == 0 ? List.of("nobody has looked") : List.copyOf(violations);
  }

  private void watch(ServerPair pair) {
    try (var a = connect(pair, "a");
        var b = connect(pair, "b")) {
      while (!stopped) {
        // Between two looks at the same server the other one must not be open.
        if (open(a) && open(b) && open(a)) {
          violations.add("both are writable at " + System.nanoTime());
        }
        looks.increment();
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (SQLException | InterruptedException failure) {
      violations.add("the watch ended: " + failure);
    }
  }

  private static Connection connect(ServerPair pair, String name) {
    var server = pair.server(name);
    return Database.connect(server, "", server.user(), server.password());
  }

  private static boolean open(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(OPEN)) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
