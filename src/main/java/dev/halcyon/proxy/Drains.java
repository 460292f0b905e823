package dev.halcyon.proxy;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Those who wait until every session of a shard is at its boundary. On its event loop only. */
final class Drains {
  /** Of all the sessions that settle within this time only the last has the drain looked at. */
  private static final long LOOK_MILLIS = 1;

  private final EventLoop loop;
  private final View view;
  private final Set<Drain> waiting = new HashSet<>();

  /** Stragglers are closed as soon as they are idle. */
  private boolean closing;

  /** The next look, if one is due. */
  private @Nullable Future<?> nextLook;

  /** Somebody waits. */
  static final class Drain {
    /** True once drained, false once nothing is held. */
    final CompletableFuture<Boolean> done = new CompletableFuture<>();
  }

  /** What is seen of the shard. */
  interface View {
    boolean held();

    boolean drained();

    /** Closes who is not at its boundary and has no command under way. */
    void closeIdle();
  }

  Drains(EventLoop loop, View view) {
    this.loop = loop;
    this.view = view;
  }

  void add(Drain drain) {
    waiting.add(drain);
    tell();
  }

  void remove(Drain drain) {
    waiting.remove(drain);
  }

  /** From now on stragglers are closed, until {@link #keepStragglers}. */
  void closeStragglers() {
    closing = true;
    view.closeIdle();
  }

  void keepStragglers() {
    closing = false;
  }

  /** A session may have come to its boundary. */
  void lookSoon() {
    if (nextLook == null && !waiting.isEmpty()) {
      nextLook = loop.schedule(this::tell, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  void tell() {
    nextLook = null;
    if (closing && view.held()) {
      view.closeIdle();
    }
    if (waiting.isEmpty()) {
      return;
    }
    if (!view.held()) {
      giveUp();
    } else if (view.drained()) {
      waiting.forEach(drain -> drain.done.complete(true));
    }
  }

  /** Nobody waits in vain. */
  void giveUp() {
    waiting.forEach(drain -> drain.done.complete(false));
  }
}
