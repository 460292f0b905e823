package dev.halcyon.rebuild;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which servers have written to a table, by the number that stands in each event, and some of the
 * rows. For one thread.
 */
final class Origins {
  private static final int SHOWN = 5;

  private final long here;
  private final Map<Long, List<String>> rows = new TreeMap<>();

  /**
   * @param here the {@code server_id} of the server whose log this is
   */
  Origins(long here) {
    this.here = here;
  }

  /** Whether more is to be known of what this server writes. */
  boolean curious(long origin) {
    var known = rows.get(origin);
    return known == null || known.size() < SHOWN;
  }

  /**
   * @param row its key, for people
   */
  void add(long origin, String row) {
    var known = rows.computeIfAbsent(origin, _ -> new ArrayList<>());
    if (!known.contains(row)) {
      known.add(row);
    }
  }

  boolean several() {
    return rows.size() > 1;
  }

  /** For people: who wrote what. */
  String words() {
    return rows.entrySet().stream()
        .map(
            entry ->
                "server_id %d%s wrote %s"
                    .formatted(
                        entry.getKey(),
                        entry.getKey() == here ? " (this server)" : "",
                        String.join(", ", entry.getValue())))
        .collect(Collectors.joining("; "));
  }
}
