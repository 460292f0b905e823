package dev.halcyon.rebuild;

import java.util.List;

/**
 * How the keeping of an old table ended.
 *
 * @param end why
 * @param unfit rows that stand against going back, for people
 */
public record Kept(End end, List<String> unfit) {
  /** Why it ended. */
  public enum End {
    /** The time is over; the old table may go. */
    EXPIRED,
    /** A revert, an abort or another keeper goes on. */
    TAKEN_OVER
  }

  public Kept {
    unfit = List.copyOf(unfit);
  }
}
