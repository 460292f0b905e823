package dev.halcyon.pair.traffic;

import dev.halcyon.proxy.Ledger;
import dev.halcyon.testing.ServerPair;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that write numbers and, once they have lost their connection, come anew, look how far
 * they had got, and go on. Half of them write in transactions.
 */
public final class Returners implements AutoCloseable {
  public static final int CLIENTS = 6;
  public static final String USER = "returner";
  public static final String PASSWORD = "comes again";

  /** Before one that does not get in tries again. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();
  private final Map<Integer, AtomicInteger> losses = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final int port;
  private volatile boolean stopped;

  private Returners(int port) {
    this.port = port;
  }

  /** An account that a fence stops. */
  public static void createAccount(ServerPair servers) {
    servers.execute(
        "a",
        "CREATE USER %s@'%%' IDENTIFIED BY '%s'".formatted(USER, PASSWORD),
        "GRANT ALL ON " + Ledger.SCHEMA + ".* TO " + USER + "@'%'");
  }

  public static Returners start(int port) throws InterruptedException {
    var clients = new Returners(port);
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      clients.losses.put(client, new AtomicInteger());
      clients.threads.add(
          Thread.ofPlatform().name("returner-" + client).start(() -> clients.work(client)));
    }
    clients.awaitProgress();
    return clients;
  }

  private void work(int client) {
    while (!stopped) {
      try (var connection = open()) {
        connection.setAutoCommit(client % 2 == 0);
        while (!stopped) {
          write(connection, client, acknowledged.getOrDefault(client, 0L) + 1);
          TimeUnit.MILLISECONDS.sleep(5);
        }
      } catch (SQLException failure) {
        told(client, failure);
        returned(client);
      } catch (InterruptedException ending) {
        return;
      }
    }
  }

  /**
   * A lost connection is all that may happen to them: no error of a server that takes no writes.
   */
  private void told(int client, SQLException failure) {
    if (failure.getSQLState() != null && failure.getSQLState().startsWith("08")) {
      losses.getOrDefault(client, new AtomicInteger()).incrementAndGet();
    } else {
      refusals.add(failure.getErrorCode() + " " + failure.getMessage());
    }
  }

  /** Comes in again, and looks whether the number that was under way is there. */
  private void returned(int client) {
    while (!stopped && !hasLooked(client)) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean hasLooked(int client) {
    try (var connection = open();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT COALESCE(MAX(number), 0) FROM entry WHERE client = " + client)) {
      rows.next();
      acknowledged.merge(client, rows.getLong(1), Math::max);
      return true;
    } catch (SQLException failure) {
      told(client, failure);
      return false;
    }
  }

  private void write(Connection connection, int client, long number) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO entry (client, number, remembered) VALUES (%d, %d, %d)"
              .formatted(client, number, number - 1));
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
      acknowledged.put(client, number);
    }
  }

  public Connection open() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable&allowPublicKeyRetrieval=true&socketTimeout=60000"
            .formatted(port, Ledger.SCHEMA),
        USER,
        PASSWORD);
  }

  /** Until each has written something from now on. */
  public void awaitProgress() throws InterruptedException {
    var before = acknowledged();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    for (int client = 0; client < CLIENTS; client++) {
      while (acknowledged.getOrDefault(client, 0L) <= before.getOrDefault(client, 0L)) {
        if (System.nanoTime() > end) {
          throw new AssertionError("client " + client + " does not get on: " + refusals());
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  /** Errors aside from a lost connection. */
  public Collection<String> refusals() {
    return List.copyOf(refusals);
  }

  /** How many connections each has lost. */
  public List<Integer> losses() {
    return losses.values().stream().map(AtomicInteger::get).toList();
  }

  /** The last number by client. */
  public Map<Integer, Long> acknowledged() {
    return new TreeMap<>(acknowledged);
  }

  public void stop() throws InterruptedException {
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
