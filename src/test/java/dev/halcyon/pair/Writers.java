package dev.halcyon.pair;

import dev.halcyon.proxy.ProxiedPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Clients that write numbers through the proxy, each in its own session, half in transactions. */
final class Writers implements AutoCloseable {
  private static final int CLIENTS = 6;

  private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final ProxiedPair proxied;
  private volatile boolean stopped;

  private Writers(ProxiedPair proxied) {
    this.proxied = proxied;
  }

  static Writers start(ProxiedPair proxied) {
    return start(proxied, 0);
  }

  /**
   * @param group others have other numbers
   */
  static Writers start(ProxiedPair proxied, int group) {
    var writers = new Writers(proxied);
    for (int i = 0; i < CLIENTS; i++) {
      int client = group * CLIENTS + i;
      writers.threads.add(
          Thread.ofPlatform().name("writer-" + client).start(() -> writers.work(client)));
    }
    return writers;
  }

  private void work(int client) {
    try (var connection = proxied.open("mariadb", "")) {
      connection.setAutoCommit(client % 2 == 0);
      for (long number = 1; !stopped; number++) {
        write(connection, client, number);
        acknowledged.put(client, number);
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (SQLException | InterruptedException failure) {
      errors.add(failure);
    }
  }

  private static void write(Connection connection, int client, long number) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO entry (client, number, remembered) VALUES (%d, %d, %d)"
              .formatted(client, number, number - 1));
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    }
  }

  /** What they have met with so far. */
  Collection<Throwable> errors() {
    return List.copyOf(errors);
  }

  /** The last number by client; after the end. */
  Map<Integer, Long> acknowledged() {
    return new TreeMap<>(acknowledged);
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (var thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
