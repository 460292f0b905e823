package dev.halcyon.proxy.digest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
}
