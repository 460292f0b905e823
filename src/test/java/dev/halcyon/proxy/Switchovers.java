package dev.halcyon.proxy;

import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Switches from one server of a pair to the other and back, as a controller does it when nothing
 * goes wrong. {@link #next} is for one thread, the rest for any.
 */
public final class Switchovers {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For sessions that may yet free themselves; a transaction is waited for in any case. */
  private static final Duration GRACE = Duration.ofMillis(300);

  private static final Duration LOOK = Duration.ofMillis(10);

  /** What ends by itself. */
  private static final Set<Hindrance> PASSING =
      EnumSet.of(Hindrance.COMMAND, Hindrance.TRANSACTION, Hindrance.UNCERTAIN_TRANSACTION);

  private final Traffic traffic;
  private final ServerPair pair;
  private final ReentrantReadWriteLock naming = new ReentrantReadWriteLock();
  private int done;
  private final Set<Long> named = new HashSet<>();
  private String active = "a";
  private volatile long released = System.nanoTime();

  /**
   * @param gathered from the hold until nobody began a command any more
   * @param drained from there until all were at a boundary
   * @param applied from there until the other server had everything and could be written to
   * @param repointed from there until all sessions were there
   */
  public record Switchover(
      Duration gathered, Duration drained, Duration applied, Duration repointed, Moves moves) {
    /** How long all clients were held; before, those that began a transaction. */
    public Duration pause() {
      return drained.plus(applied).plus(repointed);
    }
  }

  public Switchovers(Traffic traffic, ServerPair pair) {
    this.traffic = traffic;
    this.pair = pair;
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
  public Switchover next() throws InterruptedException {
    String target = ServerPair.other(active);
    traffic.prepare(target, PATIENCE);
    long began;
    naming.writeLock().lock();
    try {
      nameBound();
      began = System.nanoTime();
      traffic.hold(LEASE);
    } finally {
      naming.writeLock().unlock();
    }
    drain();
    long gathered = System.nanoTime() - traffic.status().allHeldFor().toNanos();
    long drained = System.nanoTime();
    pair.fence(active);
    pair.awaitApplied(target, PATIENCE);
    pair.unfence(target);
    long applied = System.nanoTime();
    var moves = traffic.repoint(target, Immovable.GIVE_UP, PATIENCE);
    if (!moves.complete()) {
      pair.fence(target);
      pair.unfence(active);
      traffic.release();
      throw new AssertionError("Not all can be moved: " + moves.exceptions());
    }
    long repointed = System.nanoTime();
    released = repointed;
    traffic.release();
    active = target;
    synchronized (this) {
      done++;
      notifyAll();
    }
    return new Switchover(
        Duration.ofNanos(gathered - began),
        Duration.ofNanos(drained - gathered),
        Duration.ofNanos(applied - drained),
        Duration.ofNanos(repointed - applied),
        moves);
  }

  private void nameBound() {
    for (var session : traffic.status().stragglers()) {
      if (isBound(session)) {
        synchronized (named) {
          named.add(session.connectionId());
        }
      }
    }
  }

  private static boolean isBound(SessionStatus session) {
    return !PASSING.containsAll(session.boundary().hindrances());
  }

  /** Others have a command under way, and may have begun it while the hold gathers. */
  private static boolean lasts(SessionStatus session) {
    return !session.boundary().hindrances().equals(Set.of(Hindrance.COMMAND));
  }

  private void drain() throws InterruptedException {
    boolean drained = traffic.awaitDrained(GRACE);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!drained) {
      List<SessionStatus> stragglers = traffic.status().stragglers();
      var lasting = stragglers.stream().filter(Switchovers::lasts).toList();
      if (!lasting.isEmpty() && lasting.stream().allMatch(Switchovers::isBound)) {
        drained = traffic.closeStragglers(PATIENCE);
      } else if (System.nanoTime() > end) {
        throw new AssertionError("Not drained: " + stragglers);
      } else {
        drained = traffic.awaitDrained(LOOK);
      }
    }
  }
}
