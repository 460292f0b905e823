package dev.halcyon.proxy;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a hold, while something lasts that cannot be cut short: a transaction, mostly.
 * Nobody else has to stand still for it: what neither opens a transaction nor binds its session
 * passes. It ends once only brief commands are under way; then everybody stands at a boundary
 * within a moment. On the event loop only.
 */
final class Gathering {
  /** A command of this age is still a brief one. */
  private static final long BRIEF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /**
   * So is one of this part of the gathering: else clients whose commands take 20 ms each, and of
   * whom one is always at it, would have those wait for ever who begin transactions.
   */
  private static final int PART = 4;

  /** Commands become brief while nothing settles. */
  private static final long AGAIN_MILLIS = 20;

  private final EventLoop loop;
  private final LongSupplier nanoTime;
  private final View view;

  private boolean goesOn;
  private long began;
  private long ended;
  private @Nullable Future<?> again;

  /** One that is not brief. As long as it is not, no other need be looked at. */
  private @Nullable Session lasting;

  /** What is seen of the proxy. */
  interface View {
    Collection<Session> sessions();

    /** It has ended by itself; from now on everybody stops at a boundary. */
    void gathered();
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Gathering(EventLoop loop, LongSupplier nanoTime, View view) {
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.view = view;
  }

  boolean goesOn() {
    return goesOn;
  }

  /** For how long it has been over. */
  Duration over() {
    return Duration.ofNanos(nanoTime.getAsLong() - ended);
  }

  /** Ends at once if nothing lasts. */
  void begin() {
    goesOn = true;
    began = nanoTime.getAsLong();
    look();
  }

  /** Whatever lasts. */
  void end() {
    if (goesOn) {
      ended = nanoTime.getAsLong();
    }
    goesOn = false;
    lasting = null;
    cancel();
  }

  private void cancel() {
    var next = again;
    again = null;
    if (next != null) {
      next.cancel(false);
    }
  }

  /** The session may have come to its boundary, or has ended. */
  void settled(Session session) {
    if (session.equals(lasting)) {
      look();
    }
  }

  private void look() {
    if (!goesOn) {
      return;
    }
    cancel();
    if (lasts()) {
      again = loop.schedule(this::look, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      end();
      view.gathered();
    }
  }

  private boolean lasts() {
    var brief = Duration.ofNanos(Math.max(BRIEF_NANOS, (nanoTime.getAsLong() - began) / PART));
    var before = lasting;
    if (before != null && lasts(before, brief)) {
      return true;
    }
    lasting = null;
    for (var session : view.sessions()) {
      if (lasts(session, brief)) {
        lasting = session;
        return true;
      }
    }
    return false;
  }

  private static boolean lasts(Session session, Duration brief) {
    if (session.closed()) {
      return false;
    }
    var boundary = session.boundary();
    return boundary.hindrances().stream().anyMatch(one -> one != Hindrance.COMMAND)
        || boundary.inCommand().compareTo(brief) > 0;
  }
}
