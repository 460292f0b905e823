package dev.halcyon.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which transaction must have come before which other one. */
final class Dependencies {
  private final Map<Transaction, Set<Transaction>> later = new LinkedHashMap<>();

  /** Nothing if they are the same. */
  void add(Transaction before, Transaction after) {
    if (!before.equals(after)) {
      later.computeIfAbsent(before, _ -> new LinkedHashSet<>()).add(after);
    }
  }

  /** Some of them that each come before the next, and the last before the first. */
  Optional<List<Transaction>> cycle() {
    // Whoever comes before nobody that is left is in no cycle.
    var left = new LinkedHashMap<Transaction, Integer>();
    var before = new LinkedHashMap<Transaction, List<Transaction>>();
    later.forEach(
        (one, after) -> {
          left.put(one, after.size());
          after.forEach(next -> left.putIfAbsent(next, later.getOrDefault(next, Set.of()).size()));
          after.forEach(next -> before.computeIfAbsent(next, _ -> new ArrayList<>()).add(one));
        });
    var ends = new ArrayDeque<Transaction>();
    left.forEach(
        (one, number) -> {
          if (number == 0) {
            ends.add(one);
          }
        });
    while (!ends.isEmpty()) {
      var end = ends.remove();
      left.remove(end);
      for (var one : before.getOrDefault(end, List.of())) {
        if (left.merge(one, -1, Integer::sum) == 0) {
          ends.add(one);
        }
      }
    }
    return left.keySet().stream().findFirst().map(one -> walk(one, left.keySet()));
  }

  /** Everybody who is left comes before somebody who is left, so a walk meets itself. */
  private List<Transaction> walk(Transaction from, Set<Transaction> left) {
    var path = new ArrayList<Transaction>();
    var one = from;
    while (!path.contains(one)) {
      path.add(one);
      one =
          later.getOrDefault(one, Set.of()).stream()
              .filter(left::contains)
              .findFirst()
              .orElseThrow();
    }
    return path.subList(path.indexOf(one), path.size());
  }
}
