package dev.halcyon.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client of the shop: gives orders that it numbers, and looks whether they are there and
 * whether its session is what it has made of it. For one thread, but for {@link #pieces}.
 */
final class PairApplication implements Application {
  private static final int LONGEST_TRANSACTION_MILLIS = 200;

  private static final String ORDER =
      "INSERT INTO orders (client, number, pieces, cents) VALUES (%s, %s, %s, %s)";
  private static final String PREPARED_ORDER = ORDER.formatted("?", "?", "?", "?");
  private static final String COUNT =
      "SELECT COUNT(*) AS n FROM orders WHERE client = %s AND number = %s";
  private static final String PREPARED_COUNT = COUNT.formatted("?", "?");

  /** How a client works. */
  enum Habit {
    AUTOCOMMIT,
    /** Of up to 200 ms. */
    TRANSACTION,
    /** By the server, which keeps the statements. */
    PREPARED,
    /** Sets variables and relies on them later. */
    SETTINGS
  }

  private record Order(long number, int pieces, int cents) {}

  private final Habit habit;
  private final int client;
  private final PairClients clients;
  private final Tally tally;
  private final List<Long> acknowledged = new ArrayList<>();
  private final AtomicLong pieces = new AtomicLong();
  private long last;
  private @Nullable String remembered;

  PairApplication(Habit habit, int client, PairClients clients, Tally tally) {
    this.habit = habit;
    this.client = client;
    this.clients = clients;
    this.tally = tally;
  }

  @Override
  public String label() {
    return "client " + client + ", " + habit.name().toLowerCase(Locale.ROOT);
  }

  int client() {
    return client;
  }

  Habit habit() {
    return habit;
  }

  /** How many pieces of work are done. */
  long pieces() {
    return pieces.get();
  }

  /** The numbers that the server has acknowledged; once its thread has ended. */
  List<Long> acknowledged() {
    return List.copyOf(acknowledged);
  }

  @Override
  public Work next(Random random) {
    int items = 1 + random.nextInt(9);
    int cents = 100 + random.nextInt(10_000);
    int thought = random.nextInt(LONGEST_TRANSACTION_MILLIS);
    return (session, _) -> {
      boolean total = clients.newSchema();
      give(session, items, cents, thought);
      look(session, items, cents, total);
      pieces.incrementAndGet();
      clients.worked();
    };
  }

  /** A number is never used again: whether a lost reply was a yes stays open. */
  private void give(Measured session, int items, int cents, int thought) {
    var order = new Order(++last, items, cents);
    switch (habit) {
      case AUTOCOMMIT -> insert(session, order);
      case TRANSACTION -> {
        session.inTransaction(
            () -> {
              insert(session, order);
              think(thought);
              insert(session, new Order(++last, items, cents));
            });
        acknowledged.add(order.number());
      }
      case PREPARED -> {
        var _ = session.update(PREPARED_ORDER, client, order.number(), items, cents);
      }
      case SETTINGS -> {
        recall(session);
        insert(session, order);
        remember(session, order.number());
      }
    }
    acknowledged.add(last);
  }

  private void insert(Measured session, Order order) {
    var _ = session.update(ORDER.formatted(client, order.number(), order.pieces(), order.cents()));
  }

  private static void think(int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private void recall(Measured session) {
    var found =
        session
            .query("SELECT CONCAT(@own, ' ', @@SESSION.group_concat_max_len) AS own")
            .getFirst()
            .stringOrNull("own");
    if (!Objects.equals(found, remembered)) {
      tally.mismatch(label() + ": the session has " + found + ", not " + remembered);
    }
  }

  private void remember(Measured session, long number) {
    long length = 2_000 + number;
    var _ =
        session.update(
            "SET @own = %d, SESSION group_concat_max_len = %d".formatted(number, length));
    remembered = number + " " + length;
  }

  /**
   * The new column is read in text: no server without it could take over a statement that was
   * prepared with it.
   */
  private void look(Measured session, int items, int cents, boolean total) {
    var count =
        habit == Habit.PREPARED
            ? session.query(PREPARED_COUNT, client, last)
            : session.query(COUNT.formatted(client, last));
    require("orders of number " + last, 1, count.getFirst().longValue("n"));
    if (total) {
      var sum =
          session.query(
              "SELECT SUM(total) AS total FROM orders WHERE client = %d AND number = %d"
                  .formatted(client, last));
      require("total of " + last, (long) items * cents, sum.getFirst().longValue("total"));
    }
  }

  private void require(String what, long expected, long found) {
    if (found != expected) {
      tally.mismatch("%s: %s is %d, not %d".formatted(label(), what, found, expected));
    }
  }
}
