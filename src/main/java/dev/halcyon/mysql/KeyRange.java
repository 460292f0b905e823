package dev.halcyon.mysql;

import org.jspecify.annotations.Nullable;

/**
 * Keys one after the other.
 *
 * @param after the place behind which the range begins; null for the start of the table
 * @param upTo its last place, which belongs to it
 */
public record KeyRange(@Nullable KeyPosition after, KeyPosition upTo) {
  public KeyRange {
    if (after != null && after.values().size() != upTo.values().size()) {
      throw new IllegalArgumentException("places of two keys: " + after + " and " + upTo);
    }
  }
}
