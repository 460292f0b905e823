package dev.halcyon.rebuild;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The longest time that a client's write took in each of several cut-overs, by their kind. For one
 * thread, but for {@link #time}.
 */
final class Waits<K extends Enum<K>> {
  private final AtomicLong longest = new AtomicLong();
  private final Map<K, List<Long>> all;

  Waits(Class<K> kinds) {
    all = new EnumMap<>(kinds);
  }

  interface Write {
    void run() throws SQLException;
  }

  void time(Write write) throws SQLException {
    var start = System.nanoTime();
    write.run();
    longest.accumulateAndGet(System.nanoTime() - start, Math::max);
  }

  void begin() {
    longest.set(0);
  }

  /** When the writes that waited have returned: gives the longest, in nanoseconds. */
  long end(K kind) {
    var nanos = longest.get();
    all.computeIfAbsent(kind, _ -> new ArrayList<>()).add(nanos);
    return nanos;
  }

  @Override
  public String toString() {
    return all.entrySet().stream()
        .map(kind -> kind.getKey() + " " + text(kind.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String text(List<Long> nanos) {
    var sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return "p50 %.0f, p99 %.0f, max %.0f ms of %d"
        .formatted(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), sorted.length);
  }

  private static double at(long[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }
}
