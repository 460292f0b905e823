package dev.halcyon.pair;

import dev.halcyon.testing.ServerPair;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

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
    try (var a = new Look(pair, "a");
        var b = new Look(pair, "b")) {
      while (!stopped) {
        // Between two looks at the same server the other one must not be open.
        if (a.open() && b.open() && a.open()) {
          violations.add("both are writable at " + System.nanoTime());
        }
        looks.increment();
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException failure) {
      violations.add("the watch ended: " + failure);
    }
  }

  /** At a server that may die and come back. For one thread. */
  private static final class Look implements AutoCloseable {
    private final ServerPair pair;
    private final String name;
    private @Nullable Connection connection;

    Look(ServerPair pair, String name) {
      this.pair = pair;
      this.name = name;
    }

    /** One that is not there takes no writes. */
    boolean open() {
      try {
        if (connection == null) {
          connection = connect();
        }
        return FenceWatch.open(connection);
      } catch (SQLException gone) {
        close();
        return false;
      }
    }

    private Connection connect() throws SQLException {
      var server = pair.server(name);
      return DriverManager.getConnection(
          "jdbc:mariadb://127.0.0.1:%d/?sslMode=disable&allowPublicKeyRetrieval=true"
              .formatted(server.port()),
          server.user(),
          server.password());
    }

    @Override
    public void close() {
      if (connection != null) {
        try {
          connection.close();
        } catch (SQLException gone) {
          // It is gone with its server.
        }
        connection = null;
      }
    }
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
