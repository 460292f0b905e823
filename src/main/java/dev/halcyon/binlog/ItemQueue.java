package dev.halcyon.binlog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Between the thread that reads the log and the one that works with it: who reads waits when as
 * much is in it as was allowed. Thread-safe.
 */
final class ItemQueue {
  private record Weighed(StreamItem item, long weight) {}

  private final long most;
  private final ArrayDeque<Weighed> items = new ArrayDeque<>();
  private long weight;
  private boolean closed;
  private @Nullable RuntimeException failure;

  /**
   * @param most bytes; one item may always come in
   */
  ItemQueue(long most) {
    this.most = most;
  }

  /**
   * Waits for room.
   *
   * @return false when nobody takes items any more
   */
  synchronized boolean put(StreamItem item, long itemWeight) throws InterruptedException {
    while (!closed && !items.isEmpty() && weight + itemWeight > most) {
      wait();
    }
    if (closed) {
      return false;
    }
    items.add(new Weighed(item, itemWeight));
    weight += itemWeight;
    notifyAll();
    return true;
  }

  /** The end of the stream, after the items that are still in it. */
  synchronized void fail(RuntimeException reason) {
    failure = reason;
    notifyAll();
  }

  synchronized Optional<StreamItem> poll(Duration patience) throws InterruptedException {
    var end = System.nanoTime() + patience.toNanos();
    while (items.isEmpty()) {
      if (failure != null) {
        throw failure;
      }
      var left = end - System.nanoTime();
      if (left <= 0 || closed) {
        return Optional.empty();
      }
      wait(left / 1_000_000, Math.toIntExact(left % 1_000_000));
    }
    var first = items.remove();
    weight -= first.weight();
    notifyAll();
    return Optional.of(first.item());
  }

  synchronized boolean isEmpty() {
    return items.isEmpty();
  }

  synchronized void close() {
    closed = true;
    items.clear();
    notifyAll();
  }
}
