package dev.halcyon.proxy;

import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.LeaseEnd;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether clients are held, and the lease under which they are. When the lease ends, the holder's
 * own rule decides, on a thread of its own, because it may have to ask servers. On the event loop
 * only.
 */
final class Hold {
  private static final Logger log = LoggerFactory.getLogger(Hold.class);

  private final EventLoop loop;
  private final Runnable changed;

  private @Nullable Lease lease;

  /** Another object for each term, by which a late answer is known. */
  private record Lease(Duration length, LeaseEnd atEnd, Future<?> end) {}

  /**
   * @param changed runs when the hold has begun or ended
   */
  Hold(EventLoop loop, Runnable changed) {
    this.loop = loop;
    this.changed = changed;
  }

  boolean held() {
    return lease != null;
  }

  void begin(Duration length, LeaseEnd atEnd) {
    if (lease != null) {
      throw new IllegalStateException("Clients are held already");
    }
    lease = term(length, atEnd);
    changed.run();
  }

  void renew(Duration length) {
    var present = lease;
    if (present == null) {
      throw new IllegalStateException("Nothing is held: the lease has ended");
    }
    present.end().cancel(false);
    lease = term(length, present.atEnd());
  }

  void end() {
    var present = lease;
    if (present != null) {
      present.end().cancel(false);
      lease = null;
      changed.run();
    }
  }

  private Lease term(Duration length, LeaseEnd atEnd) {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("A lease of " + length);
    }
    var end = loop.schedule(this::expire, length.toMillis(), TimeUnit.MILLISECONDS);
    return new Lease(length, atEnd, end);
  }

  private void expire() {
    var expired = lease;
    if (expired == null) {
      return;
    }
    log.warn("The lease of the hold has ended after {}", expired.length());
    Thread.ofPlatform()
        .name("halcyon-proxy-lease-end")
        .daemon()
        .start(
            () -> {
              var decision = decide(expired.atEnd());
              loop.execute(() -> act(expired, decision));
            });
  }

  /** A rule that fails has not found the server safe. */
  private static Decision decide(LeaseEnd atEnd) {
    try {
      return atEnd.decide();
    } catch (RuntimeException failure) {
      log.warn("It cannot be decided whether to release the clients", failure);
      return Decision.KEEP_HOLDING;
    }
  }

  private void act(Lease expired, Decision decision) {
    if (!expired.equals(lease)) {
      return; // renewed or released in the meantime
    }
    switch (decision) {
      case RELEASE -> end();
      case KEEP_HOLDING -> lease = term(expired.length(), expired.atEnd());
    }
  }
}
