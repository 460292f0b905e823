package dev.halcyon.usage;

import java.time.Instant;

/**
 * Statements that differ in nothing but literals, as a source has seen them.
 *
 * @param text literals are question marks; empty if it is not known
 * @param whole whether nothing is missing at its end, and its reading is in no doubt
 * @param inForce the schema that names without one mean; empty for none, or if it is not known
 * @param user empty if the source does not tell
 * @param hosts empty if the source does not tell
 */
public record Seen(
    String text,
    boolean whole,
    String inForce,
    String user,
    String hosts,
    long count,
    Instant first,
    Instant last) {
  public Seen {
    if (last.isBefore(first)) {
      throw new IllegalArgumentException("seen last at " + last + ", before " + first);
    }
  }
}
