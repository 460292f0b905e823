package dev.halcyon.rollout;

import dev.halcyon.balancer.Counters;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/** Counters of the last while, judged by thresholds. Pure; for one thread. */
final class CounterWindow {
  private record Sample(long nanos, Counters counters) {}

  private final Watch.Counted limits;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  CounterWindow(Watch.Counted limits) {
    this.limits = limits;
  }

  /**
   * @param nanos of a clock that never goes back
   */
  void add(long nanos, Counters counters) {
    if (!samples.isEmpty() && counters.restartedSince(samples.getLast().counters())) {
      samples.clear();
    }
    samples.addLast(new Sample(nanos, counters));
    // The oldest one that is kept stands at the window's beginning or before it.
    while (samples.size() > 2 && nanos - second().nanos() >= limits.window().toNanos()) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    var all = samples.iterator();
    all.next();
    return all.next();
  }

  /** What has happened within the window. */
  Counters seen() {
    return samples.isEmpty()
        ? new Counters(0, 0, Duration.ZERO)
        : samples.getLast().counters().since(samples.getFirst().counters());
  }

  /** Whether there are enough answers to judge by. */
  boolean enough() {
    return seen().answers() >= limits.samples();
  }

  /** What was worse than allowed; empty also while there are too few answers. */
  Optional<String> breach() {
    var seen = seen();
    if (!enough() || seen.answers() == 0) {
      return Optional.empty();
    }
    double part = (double) seen.failed() / seen.answers();
    var errors = limits.errors();
    if (errors != null && part > errors) {
      return Optional.of(
          "%s of %s failed (%s, at most %s are allowed)"
              .formatted(
                  Figures.count(seen.failed()),
                  Figures.count(seen.answers(), "answer"),
                  Watch.Counted.percent(part),
                  Watch.Counted.percent(errors)));
    }
    var latency = limits.latency();
    if (latency != null && seen.latency().compareTo(latency) > 0) {
      return Optional.of(
          "answers take %s in the mean, at most %s are allowed"
              .formatted(Figures.duration(seen.latency()), Figures.duration(latency)));
    }
    return Optional.empty();
  }

  /** For people, while it goes well. */
  String words() {
    var seen = seen();
    return "%s, %s failed, %s in the mean"
        .formatted(
            Figures.count(seen.answers(), "answer"),
            Figures.count(seen.failed()),
            Figures.duration(seen.latency()));
  }
}
