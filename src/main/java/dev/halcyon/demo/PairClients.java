package dev.halcyon.demo;

import dev.halcyon.demo.PairApplication.Habit;
import dev.halcyon.deploy.StopSignal;
import dev.halcyon.mysql.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The clients of the shop, at work from the beginning to {@link #close}. For one thread, but for
 * what the clients themselves call.
 */
final class PairClients implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 50;

  private final List<PairApplication> applications = new ArrayList<>();
  private final List<Client> threads = new ArrayList<>();
  private final Tally tally;
  private volatile boolean newSchema;

  private PairClients(Tally tally) {
    this.tally = tally;
  }

  /**
   * @param door the proxy
   */
  static PairClients start(Server door, DemoSettings settings, Tally tally) {
    var all = new PairClients(tally);
    var preparing = door.preparing();
    var habits = Habit.values();
    var ledger = new Ledger();
    for (int i = 0; i < settings.clients(); i++) {
      var application = new PairApplication(habits[i % habits.length], i + 1, all, tally);
      all.applications.add(application);
      all.threads.add(
          new Client(
              application.habit() == Habit.PREPARED ? preparing : door,
              application,
              ledger,
              tally,
              new Random(settings.seed() + i),
              settings.pace()));
    }
    all.threads.forEach(Client::start);
    return all;
  }

  /** Whether pieces of work that begin now read the new column. */
  boolean newSchema() {
    return newSchema;
  }

  void useNewSchema(boolean value) {
    newSchema = value;
  }

  /** A client has done a piece of work. */
  synchronized void worked() {
    notifyAll();
  }

  /**
   * Waits for so long at least, and until each client has done a piece of work that began after the
   * call. Ends at once when the demo is to stop.
   */
  void await(Duration time, StopSignal stop) {
    long begun = System.nanoTime();
    // What a client does just now may have begun before.
    var wanted = applications.stream().map(one -> one.pieces() + 2).toList();
    try {
      while (since(begun).compareTo(time) < 0 || !reached(wanted)) {
        if (stop.requested()) {
          return;
        }
        if (since(begun).compareTo(time.plus(PATIENCE)) > 0) {
          tally.mismatch("not every client gets on");
          return;
        }
        synchronized (this) {
          wait(LOOK_MILLIS);
        }
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private boolean reached(List<Long> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (applications.get(i).pieces() < wanted.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** The numbers that were acknowledged, by client; after the end. */
  Map<Integer, List<Long>> acknowledged() {
    var all = new TreeMap<Integer, List<Long>>();
    applications.forEach(one -> all.put(one.client(), one.acknowledged()));
    return all;
  }

  /** All end after the work in hand. */
  @Override
  public void close() {
    Clients.retire(threads);
  }
}
