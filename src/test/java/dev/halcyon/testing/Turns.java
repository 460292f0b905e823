package dev.halcyon.testing;

import dev.halcyon.model.Engine;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One test at a time on each engine, so two at once. A thread that is left behind may be of either,
 * so threads are looked at whenever no test runs, which is at the end of each class at the latest.
 */
final class Turns {
  private static final Map<Engine, Semaphore> FREE = new EnumMap<>(Engine.class);

  static {
    for (var engine : Engine.values()) {
      FREE.put(engine, new Semaphore(1, true));
    }
  }

  private static final Set<String> SUSPECTS = new TreeSet<>();
  private static int running;
  private static @Nullable ThreadCheck threads;

  private Turns() {}

  /**
   * Waits until no other test is on these engines.
   *
   * @param engines in their order, so that nobody waits for one who waits
   */
  static void begin(Set<Engine> engines, String test) {
    engines.forEach(engine -> of(engine).acquireUninterruptibly());
    enter(test);
  }

  private static synchronized void enter(String test) {
    if (running == 0) {
      SUSPECTS.clear();
      threads = ThreadCheck.before();
    }
    SUSPECTS.add(test);
    running++;
  }

  /** Lets the next one on; fails if no test is running now and threads are left. */
  static void end(Set<Engine> engines) {
    try {
      leave();
    } finally {
      engines.forEach(engine -> of(engine).release());
    }
  }

  private static synchronized void leave() {
    running--;
    if (running == 0 && threads != null) {
      try {
        threads.assertNothingLeft(LeakCheck.PATIENCE);
      } catch (AssertionError leak) {
        throw new AssertionError("One of " + SUSPECTS + " has leaked", leak);
      }
    }
  }

  private static Semaphore of(Engine engine) {
    var free = FREE.get(engine);
    if (free == null) {
      throw new IllegalStateException("No turns on " + engine);
    }
    return free;
  }
}
