package dev.halcyon.proxy;

import dev.halcyon.proxy.Traffic.Decision;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether clients are held, and the lease under which they are. When the lease ends, the proxy's
 * rule decides, on a thread of its own, because it may have to ask servers. On the first event loop
 * only; the shards are told what concerns them.
 */
final class Hold {
  private static final Logger log = LoggerFactory.getLogger(Hold.class);

  /** Between two questions to the rule, at most. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final LongSupplier nanoTime;
  private final Meter meter;
  private final Supplier<Decision> atEnd;
  private final Runnable changed;
  private final Gathering gathering;

  private @Nullable Lease lease;
  private boolean turnsAway;
  private long began;

  /** Another object for each term, by which a late answer is known. */
  private record Lease(Duration length, Holder holder, Future<?> end) {}

  /** Who has a say in how it goes on. */
  private enum Holder {
    /** Whoever holds and renews. */
    CALLER,
    /** The rule is being asked, and may be acting. */
    RULE,
    /** Nobody, until the rule is asked again: its holder's lease has ended. */
    NOBODY
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   * @param meter counts the holds
   * @param atEnd the rule, asked on a thread of its own
   * @param changed runs when the {@link #gate} may be another
   * @param gathering the hold's first part
   */
  Hold(
      EventLoop loop,
      LongSupplier nanoTime,
      Meter meter,
      Supplier<Decision> atEnd,
      Runnable changed,
      Gathering gathering) {
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.meter = meter;
    this.atEnd = atEnd;
    this.changed = changed;
    this.gathering = gathering;
  }

  boolean held() {
    return lease != null;
  }

  /** For how long nobody has begun a command; zero if somebody may. */
  Duration sinceAll() {
    return lease == null || gathering() ? Duration.ZERO : gathering.over();
  }

  /** Whether clients are held in part only. */
  boolean gathering() {
    return gathering.goesOn();
  }

  /** For how long clients have been held; zero if they are not. */
  Duration since() {
    return lease == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - began);
  }

  /** Whether clients are held without a holder. */
  boolean isLeaseOver() {
    var present = lease;
    return present != null && present.holder() != Holder.CALLER;
  }

  /** What concerns the clients. */
  Gate gate() {
    return new Gate(held(), gathering(), turnsAway);
  }

  /** Begins, or takes over what the lease of another has left behind. */
  void begin(Duration length) {
    var present = lease;
    if (present == null) {
      began = nanoTime.getAsLong();
    } else {
      switch (present.holder()) {
        case CALLER -> throw new IllegalStateException("Clients are held already");
        case RULE ->
            throw new IllegalStateException(
                "The lease of a hold has ended, and it is being decided where to release to");
        case NOBODY -> present.end().cancel(false);
      }
    }
    lease = term(length, Holder.CALLER);
    turnsAway = false;
    if (present == null) {
      gathering.begin();
    }
    changed.run();
    if (present == null) {
      gathering.ask();
    }
  }

  void renew(Duration length) {
    var present = lease;
    if (present == null || present.holder() != Holder.CALLER) {
      throw new IllegalStateException("The lease of the hold has ended");
    }
    present.end().cancel(false);
    lease = term(length, Holder.CALLER);
  }

  void end() {
    var present = lease;
    if (present != null) {
      present.end().cancel(false);
      meter.held(nanoTime.getAsLong() - began);
      lease = null;
      gathering.end();
      turnsAway = false;
      changed.run();
    }
  }

  private Lease again(Lease asked) {
    var soon = asked.length().compareTo(ASK_AGAIN) > 0 ? ASK_AGAIN : asked.length();
    return term(soon, Holder.NOBODY);
  }

  private Lease term(Duration length, Holder holder) {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("A lease of " + length);
    }
    var end = loop.schedule(this::expire, length.toMillis(), TimeUnit.MILLISECONDS);
    return new Lease(length, holder, end);
  }

  private void expire() {
    var expired = lease;
    if (expired == null) {
      return;
    }
    gathering.end(); // nobody knows any more whether the server still takes writes
    changed.run();
    if (expired.holder() == Holder.CALLER) {
      log.warn("The lease of the hold has ended after {}", expired.length());
    }
    var asking = new Lease(expired.length(), Holder.RULE, expired.end());
    lease = asking;
    Thread.ofPlatform()
        .name("halcyon-proxy-lease-end")
        .daemon()
        .start(
            () -> {
              var decision = decide();
              loop.execute(() -> act(asking, decision));
            });
  }

  /** A rule that fails has not found the server safe. */
  private Decision decide() {
    try {
      return atEnd.get();
    } catch (RuntimeException failure) {
      log.warn("It cannot be decided whether to release the clients", failure);
      return Decision.KEEP_HOLDING;
    }
  }

  private void act(Lease asked, Decision decision) {
    if (!asked.equals(lease)) {
      return; // released in the meantime
    }
    switch (decision) {
      case RELEASE -> end();
      case KEEP_HOLDING -> lease = again(asked);
      case TURN_AWAY -> {
        lease = again(asked);
        turnsAway = true;
        changed.run();
      }
    }
  }
}
