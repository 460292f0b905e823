package dev.halcyon.proxy;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out when nothing lasts in a shard but brief commands, while clients are gathered. On the
 * shard's event loop only.
 */
final class Lasting {
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
  private final Collection<Session> sessions;

  private long began;
  private @Nullable Consumer<Boolean> answer;
  private boolean atOnce;
  private @Nullable Future<?> again;

  /** One that is not brief. As long as it is not, no other need be looked at. */
  private @Nullable Session lasting;

  /**
   * @param nanoTime as {@link System#nanoTime}
   * @param sessions those of the shard, always
   */
  Lasting(EventLoop loop, LongSupplier nanoTime, Collection<Session> sessions) {
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.sessions = sessions;
  }

  /** Clients are gathered from now on. */
  void begin() {
    began = nanoTime.getAsLong();
  }

  /** They are no more. */
  void end() {
    answer = null;
    lasting = null;
    cancel();
  }

  /**
   * Calls once nothing lasts.
   *
   * @param then is given whether it was so at once
   */
  void whenNone(Consumer<Boolean> then) {
    answer = then;
    atOnce = true;
    look();
  }

  /** The session may have come to its boundary, or has ended. */
  void settled(Session session) {
    if (session.equals(lasting)) {
      look();
    }
  }

  private void cancel() {
    var next = again;
    again = null;
    if (next != null) {
      next.cancel(false);
    }
  }

  private void look() {
    var asked = answer;
    if (asked == null) {
      return;
    }
    cancel();
    if (lasts()) {
      atOnce = false;
      again = loop.schedule(this::look, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      answer = null;
      asked.accept(atOnce);
    }
  }

  private boolean lasts() {
    var brief = Duration.ofNanos(Math.max(BRIEF_NANOS, (nanoTime.getAsLong() - began) / PART));
    var before = lasting;
    if (before != null && lasts(before, brief)) {
      return true;
    }
    lasting = null;
    for (var session : sessions) {
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
