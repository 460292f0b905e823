package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Account;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Clients that write to table {@code t (client, number)} without a pause, alone and in
 * transactions, and count what the server has acknowledged. Now and then they try a duplicate, too.
 */
final class HeldWriters implements AutoCloseable {
  static final int WRITERS = 8;
  private static final int DUPLICATE = 1062;
  private static final long PATIENCE_SECONDS = 20;

  private final long[] acknowledged = new long[WRITERS];
  private final ConcurrentLinkedQueue<Exception> errors = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  HeldWriters(ProxiedDatabase proxied, Account account) throws SQLException {
    for (int i = 0; i < WRITERS; i++) {
      int client = i;
      var options = i % 2 == 0 ? "" : "&useServerPrepStmts=true";
      var connection = proxied.connect(account, options);
      threads.add(Thread.ofPlatform().name("writer-" + i).start(() -> work(client, connection)));
    }
  }

  /** Waits until every client has written once more. */
  synchronized void awaitProgress() throws InterruptedException {
    long[] before = acknowledged.clone();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (int i = 0; i < WRITERS; i++) {
      while (acknowledged[i] == before[i]) {
        assertThat(errors).isEmpty();
        assertThat(System.nanoTime()).as("client %d stands still", i).isLessThan(end);
        wait(100);
      }
    }
  }

  synchronized long acknowledged() {
    return Arrays.stream(acknowledged).sum();
  }

  List<Exception> errors() {
    return List.copyOf(errors);
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (var thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Override
  public void close() {
    stopped = true;
  }

  private void work(int client, Connection connection) {
    try (connection;
        var insert = connection.prepareStatement("INSERT INTO t VALUES (" + client + ", ?)")) {
      int number = 0;
      while (!stopped) {
        number = number % 3 == 0 ? transaction(client, connection, insert, number) : number;
        insert(insert, number++);
        acknowledge(client, 1);
        if (number % 5 == 0) {
          duplicate(insert, number - 1);
        }
      }
    } catch (SQLException failure) {
      errors.add(failure);
    }
  }

  /** Three rows at once, a refused one among them. */
  private int transaction(int client, Connection connection, PreparedStatement insert, int number)
      throws SQLException {
    connection.setAutoCommit(false);
    int next = number;
    for (int i = 0; i < 3; i++) {
      insert(insert, next++);
    }
    duplicate(insert, number);
    connection.commit();
    connection.setAutoCommit(true);
    acknowledge(client, 3);
    return next;
  }

  private static void insert(PreparedStatement insert, int number) throws SQLException {
    insert.setInt(1, number);
    insert.executeUpdate();
  }

  private static void duplicate(PreparedStatement insert, int number) throws SQLException {
    try {
      insert(insert, number);
    } catch (SQLException refused) {
      if (refused.getErrorCode() != DUPLICATE) {
        throw refused;
      }
    }
  }

  private synchronized void acknowledge(int client, int rows) {
    acknowledged[client] += rows;
    notifyAll();
  }
}
