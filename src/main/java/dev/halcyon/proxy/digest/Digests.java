package dev.halcyon.proxy.digest;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was recorded. What is not in it was not sent since {@code watchingSince}, as far as nothing
 * was lost.
 *
 * @param lostSince when something first fell out for want of room
 * @param lost how many digests fell out
 */
public record Digests(
    Instant watchingSince, Optional<Instant> lostSince, long lost, List<Digest> all) {

  public Digests {
    all = List.copyOf(all);
  }

  /** Of two recorders of one proxy. */
  public Digests plus(Digests other) {
    record Key(String text, Digest.Reading reading, String user, Optional<String> schema) {}
    Map<Key, Digest> merged = new HashMap<>();
    Stream.concat(all.stream(), other.all.stream())
        .forEach(
            one ->
                merged.merge(
                    new Key(one.text(), one.reading(), one.user(), one.schema()),
                    one,
                    Digest::plus));
    return new Digests(
        latest(watchingSince, other.watchingSince),
        Stream.of(lostSince, other.lostSince).flatMap(Optional::stream).min(naturalOrder()),
        lost + other.lost,
        merged.values().stream().sorted(comparing(Digest::lastSeen).reversed()).toList());
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
