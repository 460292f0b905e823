package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.pair.PairSettings;
import dev.halcyon.pair.SwitchReport;
import dev.halcyon.pair.Switchover;
import dev.halcyon.progress.Events;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Switches from one server of a pair to the other and back, with the product's controller, and
 * tells clients what happens to them. {@link #next} is for one thread, the rest for any.
 */
public final class Switchovers {
  /** The machine may be busy with the clients themselves. */
  public static final PairSettings PATIENT =
      new PairSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMillis(300),
          Immovable.CLOSE,
          Duration.ofMinutes(1));

  /** What ends by itself. */
  private static final Set<Hindrance> PASSING =
      EnumSet.of(Hindrance.COMMAND, Hindrance.TRANSACTION, Hindrance.UNCERTAIN_TRANSACTION);

  private final Traffic traffic;
  private final Switchover switchover;
  private final ReentrantReadWriteLock naming = new ReentrantReadWriteLock();
  private int done;
  private final Set<Long> named = new HashSet<>();
  private volatile String active = "a";
  private volatile long released = System.nanoTime();

  public Switchovers(Traffic traffic, ServerPair pair) {
    this.traffic = traffic;
    this.switchover =
        new Switchover(
            pair.pair(Ledger.SCHEMA),
            new ObservedTraffic(traffic, this::held, () -> {}, () -> released = System.nanoTime()),
            PATIENT,
            Events.NONE,
            _ -> {});
  }

  /** The server that takes writes. */
  public String active() {
    return active;
  }

  /** How many there have been. */
  synchronized int done() {
    return done;
  }

  /** Waits until there have been so many, or for so long. */
  synchronized void awaitDone(int number, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toMillis(); done < number && left > 0; ) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /** Who binds a session while holding this binds it before the status or after the hold. */
  Lock binding() {
    return naming.readLock();
  }

  /** Whether a status before a hold has named the session as one that cannot be moved. */
  boolean hasNamed(long connectionId) {
    synchronized (named) {
      return named.contains(connectionId);
    }
  }

  /** When the last hold ended, by {@link System#nanoTime}. */
  long released() {
    return released;
  }

  /** Leads all clients to the other server. */
  public SwitchReport next() throws InterruptedException {
    var report = switchover.next();
    assertThat(report.to()).isEqualTo(ServerPair.other(active));
    assertThat(report.notes()).isEmpty();
    active = report.to();
    synchronized (this) {
      done++;
      notifyAll();
    }
    return report;
  }

  private void held(Runnable hold) {
    naming.writeLock().lock();
    try {
      traffic.status().stragglers().stream().filter(Switchovers::isBound).forEach(this::name);
      hold.run();
    } finally {
      naming.writeLock().unlock();
    }
  }

  private void name(SessionStatus session) {
    synchronized (named) {
      named.add(session.connectionId());
    }
  }

  private static boolean isBound(SessionStatus session) {
    return !PASSING.containsAll(session.boundary().hindrances());
  }
}
