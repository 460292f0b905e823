package dev.halcyon.proxy.lease;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which transactions a server has, as far as global transaction ids tell: by the source's id ranges
 * of numbers without holes between them.
 */
record GtidPosition(Map<String, List<Range>> sources) {
  /** Both ends belong to it. */
  record Range(long from, long to) {}

  GtidPosition {
    sources = Map.copyOf(sources);
  }

  /** {@code uuid:1-5:7,uuid:tag:1-3}; empty without ids. */
  static GtidPosition ofMySql(String text) {
    var sources = new LinkedHashMap<String, List<Range>>();
    for (String set : text.replaceAll("\\s", "").split(",", -1)) {
      String[] parts = set.split(":", -1);
      String source = parts[0].toLowerCase(Locale.ROOT);
      for (int i = 1; i < parts.length; i++) {
        if (Character.isDigit(parts[i].charAt(0))) {
          sources.computeIfAbsent(source, _ -> new ArrayList<>()).add(range(parts[i]));
        } else {
          source = parts[0].toLowerCase(Locale.ROOT) + ":" + parts[i];
        }
      }
    }
    return new GtidPosition(sources);
  }

  /** {@code domain-server-number}, of each domain the last; a domain that comes twice counts. */
  static GtidPosition ofMariaDb(String text) {
    var sources = new LinkedHashMap<String, List<Range>>();
    for (String last : text.split(",", -1)) {
      if (!last.isBlank()) {
        String[] parts = last.strip().split("-", -1);
        sources
            .computeIfAbsent(parts[0], _ -> new ArrayList<>())
            .add(new Range(1, Long.parseLong(parts[2])));
      }
    }
    return new GtidPosition(sources);
  }

  /** Whether it has all that the other has. */
  boolean covers(GtidPosition other) {
    return other.sources().entrySet().stream()
        .allMatch(
            entry ->
                entry.getValue().stream()
                    .allMatch(
                        range ->
                            sources.getOrDefault(entry.getKey(), List.of()).stream()
                                .anyMatch(
                                    own -> own.from() <= range.from() && own.to() >= range.to())));
  }

  private static Range range(String text) {
    int dash = text.indexOf('-');
    long from = Long.parseLong(dash < 0 ? text : text.substring(0, dash));
    return new Range(from, dash < 0 ? from : Long.parseLong(text.substring(dash + 1)));
  }
}
