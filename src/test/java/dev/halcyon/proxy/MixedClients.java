package dev.halcyon.proxy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Clients of many kinds that work until they are stopped. For one thread. */
public final class MixedClients implements AutoCloseable {
  public static final int CLIENTS = 64;
  private static final long PATIENCE_SECONDS = 60;

  private final List<MixedClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Notes notes;

  /** What they do. */
  enum Kind {
    AUTOCOMMIT(22),
    TRANSACTION(16),
    PREPARED(12),
    SETTINGS(8),
    TEMPORARY_TABLE(4),
    /** Logs in for each piece of work. */
    VISITOR(2);

    private final int clients;

    Kind(int clients) {
      this.clients = clients;
    }
  }

  /** Opens a connection through the proxy. */
  @FunctionalInterface
  public interface Door {
    /**
     * @param driver one of {@code mariadb} and {@code mysql}
     * @param options as in a url, each with its leading ampersand
     */
    Connection open(String driver, String options) throws SQLException;
  }

  private record Wait(Kind kind, Duration time) {}

  /** What they have met with. Thread-safe. */
  static final class Notes {
    private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Wait> waits = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> cuts = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    boolean stopped() {
      return stopped;
    }

    void failed(Throwable failure) {
      errors.add(failure);
    }

    /** Something was under way when a hold ended, and took so long. */
    void waited(Kind kind, Duration time) {
      waits.add(new Wait(kind, time));
    }

    /** A session that had been named was closed. */
    void cut(long connectionId) {
      cuts.add(connectionId);
    }
  }

  private MixedClients(Notes notes) {
    this.notes = notes;
  }

  /**
   * @param seed client n draws from seed + n
   */
  public static MixedClients start(Door door, Switchovers switchovers, long seed) {
    var notes = new Notes();
    var all = new MixedClients(notes);
    for (var kind : Kind.values()) {
      for (int i = 0; i < kind.clients; i++) {
        int number = all.clients.size();
        var client = new MixedClient(kind, number, seed + number, door, switchovers, notes);
        all.clients.add(client);
        all.threads.add(
            Thread.ofPlatform().name("client-" + number + " " + kind).unstarted(client::work));
      }
    }
    all.threads.forEach(Thread::start);
    return all;
  }

  /** Ends them after the piece of work in hand. */
  public void stop() throws InterruptedException {
    notes.stopped = true;
    for (var thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      if (thread.isAlive()) {
        var failure = new AssertionError(thread.getName() + " does not end");
        failure.setStackTrace(thread.getStackTrace());
        throw failure;
      }
    }
  }

  public Collection<Throwable> errors() {
    return List.copyOf(notes.errors);
  }

  /** How long those waited who had a command under way when a hold ended. */
  Map<Kind, List<Duration>> waits() {
    return notes.waits.stream()
        .collect(
            Collectors.groupingBy(Wait::kind, Collectors.mapping(Wait::time, Collectors.toList())));
  }

  /** How many sessions were closed; each had been named. */
  public int cuts() {
    return notes.cuts.size();
  }

  /** Acknowledged entries by client. */
  Map<Integer, Long> acknowledged() {
    var all = new TreeMap<Integer, Long>();
    for (var client : clients) {
      all.put(client.number(), client.acknowledged());
    }
    return all;
  }

  /** The same of those clients that also count. */
  Map<Integer, Long> counted() {
    var all = new TreeMap<Integer, Long>();
    for (var client : clients) {
      if (client.kind() == Kind.TRANSACTION) {
        all.put(client.number(), client.acknowledged());
      }
    }
    return all;
  }

  @Override
  public void close() {
    notes.stopped = true;
  }
}
