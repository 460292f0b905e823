package dev.halcyon.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.history.Transaction.Append;
import dev.halcyon.history.Transaction.Operation;
import dev.halcyon.history.Transaction.Outcome;
import dev.halcyon.history.Transaction.Read;
import dev.halcyon.testing.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Clients that append to lists and read them, in transactions of one to four steps at the level
 * SERIALIZABLE, and write down what they did. A deadlock ends one of two without effect, as it
 * should.
 */
public final class ListClients implements AutoCloseable {
  private static final int CLIENTS = 4;

  /** At work on at the same time. */
  private static final int KEYS = 4;

  /** So that lists stay short. */
  private static final int VALUES_OF_A_GENERATION = 100;

  private static final int LONGEST_THOUGHT_MILLIS = 40;
  private static final int DEADLOCK = 1213;
  private static final int LOCK_WAIT = 1205;

  private final ConcurrentLinkedQueue<Transaction> history = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final AtomicLong values = new AtomicLong();
  private final AtomicInteger transactions = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private final Door door;
  private final long seed;
  private volatile boolean stopped;

  private ListClients(Door door, long seed) {
    this.door = door;
    this.seed = seed;
  }

  /** Opens a connection to the schema of the lists. */
  @FunctionalInterface
  public interface Door {
    Connection open() throws SQLException;
  }

  /** Of no list yet; before any client. */
  public static void createTable(ServerPair servers, String schema) {
    servers.execute(
        "a",
        "CREATE TABLE %s.list (number INT PRIMARY KEY, entries MEDIUMTEXT NOT NULL)"
            .formatted(schema));
  }

  /**
   * @param seed client n draws from seed + n
   */
  public static ListClients start(Door door, long seed) {
    var clients = new ListClients(door, seed);
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      clients.threads.add(
          Thread.ofPlatform().name("list-client-" + i).start(() -> clients.work(client)));
    }
    return clients;
  }

  private void work(int client) {
    var random = new Random(seed + client);
    try (var connection = door.open()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(false);
      while (!stopped) {
        transaction(connection, random);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_THOUGHT_MILLIS));
      }
    } catch (SQLException | InterruptedException failure) {
      errors.add(failure);
    }
  }

  private void transaction(Connection connection, Random random) throws SQLException {
    int number = transactions.incrementAndGet();
    long began = System.nanoTime();
    var done = new ArrayList<Operation>();
    var outcome = Outcome.ABORTED;
    try {
      for (int left = random.nextInt(4); left >= 0; left--) {
        step(connection, random, done);
      }
      outcome = Outcome.UNKNOWN;
      connection.commit();
      outcome = Outcome.COMMITTED;
    } catch (SQLException failure) {
      if (failure.getErrorCode() != DEADLOCK && failure.getErrorCode() != LOCK_WAIT) {
        throw failure;
      }
      outcome = Outcome.ABORTED;
      connection.rollback();
    } finally {
      history.add(new Transaction(number, began, System.nanoTime(), outcome, done));
    }
  }

  private void step(Connection connection, Random random, List<Operation> done)
      throws SQLException {
    int key = (int) (values.get() / VALUES_OF_A_GENERATION) * KEYS + random.nextInt(KEYS);
    if (random.nextBoolean()) {
      long value = values.incrementAndGet();
      // Before it is sent: a lost answer does not tell that it was not done.
      done.add(new Append(key, value));
      try (var statement =
          connection.prepareStatement(
              "INSERT INTO list VALUES (?, ?) ON DUPLICATE KEY UPDATE"
                  + " entries = CONCAT(entries, ',', VALUES(entries))")) {
        statement.setInt(1, key);
        statement.setString(2, Long.toString(value));
        statement.executeUpdate();
      }
    } else {
      done.add(new Read(key, read(connection, key)));
    }
  }

  private static List<Long> read(Connection connection, int key) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT entries FROM list WHERE number = ?")) {
      statement.setInt(1, key);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? values(rows.getString(1)) : List.of();
      }
    }
  }

  private static List<Long> values(String entries) {
    return Stream.of(entries.split(",", -1)).map(Long::valueOf).toList();
  }

  /** What they have met with so far. */
  public Collection<Throwable> errors() {
    return List.copyOf(errors);
  }

  public void stop() throws InterruptedException {
    stopped = true;
    for (var thread : threads) {
      thread.join();
    }
  }

  /** That everything could have been one after the other, by what each of the servers has now. */
  public void requireSound(ServerPair servers, String schema) {
    var all = List.copyOf(history);
    assertThat(all).anyMatch(one -> one.outcome() == Outcome.COMMITTED);
    for (var server : List.of("a", "b")) {
      assertThat(HistoryCheck.anomalies(all, lists(servers, server, schema)))
          .as("on server %s, seed %d, %d transactions", server, seed, all.size())
          .isEmpty();
    }
  }

  private static Map<Integer, List<Long>> lists(ServerPair servers, String name, String schema) {
    var lists = new TreeMap<Integer, List<Long>>();
    servers
        .values(name, "SELECT number, entries FROM " + schema + ".list")
        .forEach((key, entries) -> lists.put(key, values(entries)));
    return lists;
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
