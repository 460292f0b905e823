package dev.halcyon.testing;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Threads that would keep a program alive, and all of our own, that were not there before. */
final class ThreadCheck {
  private final Set<Thread> before;

  private ThreadCheck(Set<Thread> before) {
    this.before = before;
  }

  static ThreadCheck before() {
    return new ThreadCheck(Set.copyOf(Thread.getAllStackTraces().keySet()));
  }

  /** Waits that long for those that are just ending. */
  void assertNothingLeft(Duration patience) {
    var left = left();
    var end = System.nanoTime() + patience.toNanos();
    try {
      for (var thread : left) {
        thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while looking for threads", interruption);
    }
    var alive = left.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    if (!alive.isEmpty()) {
      throw new AssertionError("Threads are left behind: " + String.join(", ", alive));
    }
  }

  private List<Thread> left() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .filter(thread -> !thread.getName().startsWith("junit-")) // its workers, its watch of time
        .filter(thread -> !thread.isDaemon() || thread.getName().startsWith("halcyon"))
        .toList();
  }
}
