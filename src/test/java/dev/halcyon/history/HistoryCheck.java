package dev.halcyon.history;

import dev.halcyon.history.Anomaly.Kind;
import dev.halcyon.history.Transaction.Append;
import dev.halcyon.history.Transaction.Outcome;
import dev.halcyon.history.Transaction.Read;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for anomalies in a history of appends to lists and reads of them. Since each value is
 * appended once and a list keeps all, the list at the end tells the order of all writes to it, and
 * each read tells which writes it has seen. Pure; for strict serializability, as locking reads give
 * it.
 */
final class HistoryCheck {
  private final List<Transaction> history;
  private final Map<Integer, List<Long>> lists;
  private final Map<Long, Transaction> writers = new HashMap<>();
  private final Map<Long, Integer> places = new HashMap<>();
  private final Set<Anomaly> found = new LinkedHashSet<>();

  private HistoryCheck(List<Transaction> history, Map<Integer, List<Long>> lists) {
    this.history = history;
    this.lists = lists;
  }

  /**
   * @param lists as they are at the end, by key
   */
  static List<Anomaly> anomalies(List<Transaction> history, Map<Integer, List<Long>> lists) {
    var check = new HistoryCheck(history, lists);
    check.index();
    check.values();
    check.reads();
    check.lostWrites();
    check.staleReads();
    // An order can be told of sound lists only.
    if (check.found.isEmpty()) {
      check.cycles();
    }
    return List.copyOf(check.found);
  }

  private void found(Kind kind, String words) {
    found.add(new Anomaly(kind, words));
  }

  private void index() {
    for (var one : history) {
      for (var operation : one.operations()) {
        if (operation instanceof Append(int _, long value) && writers.put(value, one) != null) {
          throw new IllegalArgumentException("the clients append " + value + " twice");
        }
      }
    }
    for (var list : lists.values()) {
      for (int i = 0; i < list.size(); i++) {
        places.put(list.get(i), i);
      }
    }
  }

  private List<Long> list(int key) {
    return lists.getOrDefault(key, List.of());
  }

  /** Those whose reads count, and whose writes somebody may have seen. */
  private List<Transaction> effective() {
    return history.stream().filter(this::tookEffect).toList();
  }

  private boolean tookEffect(Transaction one) {
    return switch (one.outcome()) {
      case COMMITTED -> true;
      case ABORTED -> false;
      case UNKNOWN ->
          one.operations().stream()
              .anyMatch(
                  operation ->
                      operation instanceof Append(int _, long value) && places.containsKey(value));
    };
  }

  /** At the end and in each read: every value is somebody's, committed, and there once. */
  private void values() {
    lists.forEach((key, list) -> values("the list " + key + " at the end", list, null));
    for (var one : effective()) {
      for (var operation : one.operations()) {
        if (operation instanceof Read(int key, var seen)) {
          values("%s, reading list %d,".formatted(one, key), seen, one);
          intermediate(one, key, seen);
        }
      }
    }
  }

  private void values(String where, List<Long> list, @Nullable Transaction reader) {
    var once = new HashSet<Long>();
    for (long value : list) {
      var writer = writers.get(value);
      if (writer == null) {
        found(Kind.UNHEARD_OF, "%s has %d".formatted(where, value));
      } else if (writer.outcome() == Outcome.ABORTED && !writer.equals(reader)) {
        found(Kind.ABORTED_READ, "%s has %d of %s".formatted(where, value, writer));
      }
      if (!once.add(value)) {
        found(Kind.TWICE, "%s has %d twice".formatted(where, value));
      }
    }
  }

  private void intermediate(Transaction reader, int key, List<Long> seen) {
    if (seen.isEmpty()) {
      return;
    }
    var writer = writers.get(seen.getLast());
    if (writer == null || writer.equals(reader)) {
      return;
    }
    var last =
        writer.operations().stream()
            .filter(operation -> operation instanceof Append && operation.key() == key)
            .reduce((_, later) -> later);
    if (last.isPresent() && !last.get().equals(new Append(key, seen.getLast()))) {
      found(Kind.INTERMEDIATE_READ, "%s has seen %s half-way".formatted(reader, writer));
    }
  }

  /** Each read is a beginning of the list at the end, and what its own transaction expects. */
  private void reads() {
    for (var one : effective()) {
      var known = new HashMap<Integer, List<Long>>();
      var own = new HashMap<Integer, List<Long>>();
      for (var operation : one.operations()) {
        switch (operation) {
          case Append(int key, long value) -> {
            own.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
            if (known.containsKey(key)) {
              known.put(key, with(Objects.requireNonNull(known.get(key)), value));
            }
          }
          case Read(int key, var seen) -> {
            prefix(one, key, seen);
            var expected = known.put(key, seen);
            var mine = own.getOrDefault(key, List.of());
            if ((expected != null && !expected.equals(seen))
                || seen.size() < mine.size()
                || !seen.subList(seen.size() - mine.size(), seen.size()).equals(mine)) {
              found(Kind.NON_REPEATABLE_READ, "%s: list %d became %s".formatted(one, key, seen));
            }
          }
        }
      }
    }
  }

  private static List<Long> with(List<Long> list, long value) {
    var longer = new ArrayList<>(list);
    longer.add(value);
    return longer;
  }

  private void prefix(Transaction one, int key, List<Long> seen) {
    var list = list(key);
    if (seen.size() > list.size() || !list.subList(0, seen.size()).equals(seen)) {
      found(Kind.LOST_UPDATE, "%s saw %s of list %d, which is %s".formatted(one, seen, key, list));
    }
  }

  private void lostWrites() {
    for (var one : history) {
      for (var operation : one.operations()) {
        if (one.outcome() == Outcome.COMMITTED
            && operation instanceof Append(int key, long value)
            && !list(key).contains(value)) {
          found(Kind.LOST_WRITE, "list %d lacks %d of %s".formatted(key, value, one));
        }
      }
    }
  }

  private void staleReads() {
    for (var reader : effective()) {
      for (var operation : reader.operations()) {
        if (operation instanceof Read(int key, var seen)) {
          list(key).stream()
              .skip(seen.size())
              .filter(value -> acknowledgedBefore(reader, value))
              .findFirst()
              .ifPresent(
                  value ->
                      found(
                          Kind.STALE_READ,
                          "%s lacks %d, acknowledged before".formatted(reader, value)));
        }
      }
    }
  }

  private boolean acknowledgedBefore(Transaction reader, long value) {
    var writer = writers.get(value);
    return writer != null
        && writer.outcome() == Outcome.COMMITTED
        && writer.ended() - reader.began() < 0;
  }

  private void cycles() {
    var writes = new Dependencies();
    var all = new Dependencies();
    for (var list : lists.values()) {
      for (int i = 1; i < list.size(); i++) {
        after(writes, all, writer(list.get(i - 1)), writer(list.get(i)));
      }
    }
    for (var one : effective()) {
      for (var operation : one.operations()) {
        if (operation instanceof Read(int key, var seen)) {
          if (!seen.isEmpty()) {
            after(writes, all, writer(seen.getLast()), one);
          }
          if (seen.size() < list(key).size()) {
            all.add(one, writer(list(key).get(seen.size())));
          }
        }
      }
    }
    writes.cycle().ifPresent(cycle -> found(Kind.WRITE_CYCLE, "%s".formatted(cycle)));
    all.cycle().ifPresent(cycle -> found(Kind.READ_CYCLE, "%s".formatted(cycle)));
  }

  private static void after(
      Dependencies writes, Dependencies all, Transaction earlier, Transaction later) {
    writes.add(earlier, later);
    all.add(earlier, later);
  }

  private Transaction writer(long value) {
    return Objects.requireNonNull(writers.get(value));
  }
}
