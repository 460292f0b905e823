package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits until the passive server follows closely enough for clients to be held. */
final class Lag {
  private static final Duration BEAT = Duration.ofMillis(100);
  private static final int SAMPLES = 3;

  private Lag() {}

  /**
   * Until a few looks in a row have found it within the limit.
   *
   * @throws dev.halcyon.model.Refusal HAL-723 with how the lag went, if it does not come about in
   *     time; HAL-721 if replication stops
   */
  static void awaitBelow(Course course, Duration limit, Duration patience)
      throws InterruptedException {
    var heartbeat = Heartbeat.of(course.active().session());
    var replica = course.passive().session();
    long began = System.nanoTime();
    var first = Optional.<Duration>empty();
    var last = new ArrayDeque<Duration>();
    heartbeat.beat();
    while (true) {
      TimeUnit.NANOSECONDS.sleep(BEAT.toNanos());
      var lag = heartbeat.lag(replica);
      first = first.or(() -> lag);
      lag.ifPresent(last::addLast);
      if (last.size() > SAMPLES) {
        last.removeFirst();
      }
      if (last.size() == SAMPLES && last.stream().allMatch(one -> one.compareTo(limit) <= 0)) {
        return;
      }
      CatchUp.requireApplying(replica);
      var passed = Duration.ofNanos(System.nanoTime() - began);
      if (passed.compareTo(patience) > 0) {
        throw late(course, limit, first, last, passed);
      }
      heartbeat.beat();
    }
  }

  private static RuntimeException late(
      Course course,
      Duration limit,
      Optional<Duration> first,
      ArrayDeque<Duration> last,
      Duration passed) {
    var how =
        last.isEmpty()
            ? "no heartbeat of " + course.active().member() + " has arrived there"
            : "it was behind by %s and is by %s, so it executes %.2f s of work in a second"
                .formatted(
                    Figures.duration(first.orElseThrow()),
                    Figures.duration(last.getLast()),
                    1 - seconds(last.getLast().minus(first.orElseThrow())) / seconds(passed));
    return ErrorCode.PAIR_LAG.refuse(
        "%s does not follow within %s: in %s %s."
            .formatted(
                course.passive().member(), Figures.duration(limit), Figures.duration(passed), how),
        "Switch at a quieter time, or allow more with pair.longest-lag.");
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
