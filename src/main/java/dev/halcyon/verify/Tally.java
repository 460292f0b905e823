package dev.halcyon.verify;

import dev.halcyon.plan.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Counts what the workers find and keeps the first keys of each kind. Thread-safe. */
final class Tally {
  static final int KEYS = 10;

  /**
   * What one statement found of one kind.
   *
   * @param keys the first, at most {@link #KEYS}
   */
  record Part(long rows, List<List<String>> keys) {}

  private final Step.Verify step;
  private final long[] counts;
  private final List<TreeMap<Long, List<List<String>>>> keys = new ArrayList<>();
  private long rows;

  Tally(Step.Verify step) {
    this.step = step;
    this.counts = new long[step.faults().size()];
    step.faults().forEach(fault -> keys.add(new TreeMap<>(Comparator.naturalOrder())));
  }

  /**
   * A chunk was looked at.
   *
   * @param parts one for each kind of fault
   * @return rows so far
   */
  synchronized long add(long ordinal, long chunkRows, List<Part> parts) {
    rows += chunkRows;
    for (var i = 0; i < counts.length; i++) {
      var part = parts.get(i);
      counts[i] += part.rows();
      if (!part.keys().isEmpty()) {
        var kept = keys.get(i);
        kept.put(ordinal, part.keys());
        // Every kept chunk has a key, so more than this many chunks are never needed.
        if (kept.size() > KEYS) {
          kept.pollLastEntry();
        }
      }
    }
    return rows;
  }

  synchronized VerifyReport report() {
    var found = new ArrayList<VerifyReport.Found>();
    for (var i = 0; i < counts.length; i++) {
      var fault = step.faults().get(i);
      var first = keys.get(i).values().stream().flatMap(List::stream).limit(KEYS).toList();
      found.add(new VerifyReport.Found(fault.kind(), fault.meaning(), counts[i], first));
    }
    return new VerifyReport(step.table(), step.key(), rows, found);
  }
}
