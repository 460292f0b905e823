package dev.halcyon.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** A cut that a {@link Relay} makes once, and whether it has happened. */
public final class RelayFault {

  enum Moment {
    /** Instead of passing the request on. */
    BEFORE,
    /** When the request is passed on. */
    AFTER,
    /** When the server begins to reply. */
    AT_REPLY
  }

  private final Moment moment;
  private final Predicate<String> text;
  private final AtomicBoolean struck = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);

  RelayFault(Moment moment, Predicate<String> text) {
    this.moment = moment;
    this.text = text;
  }

  /** Whether a request has met the condition. A client that saw the cut finds it true. */
  public boolean happened() {
    return struck.get();
  }

  /** Waits for the cut; an {@link AssertionError} if it does not come. */
  public void await(Duration patience) {
    try {
      if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("No request met the relay's condition within " + patience);
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for the relay", interruption);
    }
  }

  Moment moment() {
    return moment;
  }

  boolean strikes(String request) {
    return text.test(request) && struck.compareAndSet(false, true);
  }

  void finished() {
    done.countDown();
  }
}
