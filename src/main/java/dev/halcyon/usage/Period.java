package dev.halcyon.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A time in which a source has missed no statement. */
public record Period(Instant from, Instant to) {
  public Period {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("a period from " + from + " to " + to);
    }
  }

  /** Joined where they meet or overlap, in order. */
  static List<Period> union(Collection<Period> periods) {
    var joined = new ArrayList<Period>();
    periods.stream()
        .sorted(Comparator.comparing(Period::from))
        .forEach(
            next -> {
              var last = joined.isEmpty() ? null : joined.getLast();
              if (last == null || next.from().isAfter(last.to())) {
                joined.add(next);
              } else if (next.to().isAfter(last.to())) {
                joined.set(joined.size() - 1, new Period(last.from(), next.to()));
              }
            });
    return List.copyOf(joined);
  }

  /** Since when everything was watched up to {@code now}. */
  static Optional<Instant> watchedSince(Collection<Period> periods, Instant now) {
    return union(periods).stream()
        .filter(p -> !p.from().isAfter(now) && !p.to().isBefore(now))
        .map(Period::from)
        .findFirst();
  }
}
