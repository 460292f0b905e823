package dev.halcyon.pair.judge;

import java.util.Locale;

/** What becomes of rows on their way into another shape; the worse, the later. */
public enum Effect {
  /** They arrive as they are, in all that both shapes have. */
  REPLICATES,
  /** They arrive without a value that only the sender's shape has room for. */
  LOSES,
  /** The applier stops with an error, at every row or at some. */
  STOPS,
  /** Other values arrive, without an error. */
  CORRUPTS;

  Effect or(Effect other) {
    return compareTo(other) >= 0 ? this : other;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
