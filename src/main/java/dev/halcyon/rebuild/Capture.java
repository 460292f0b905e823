package dev.halcyon.rebuild;

import java.time.Duration;

/**
 * What the application does to a table while another one is made to follow it. Applying a change
 * again does no harm. For one thread.
 */
sealed interface Capture extends AutoCloseable permits Backlog, TriggerCapture {
  /**
   * Takes in what is there, for a moment at most.
   *
   * @param patience how long to wait for the first change
   * @return false when there was nothing to take in, or no room
   */
  boolean take(Duration patience);

  /** Whether nothing waits to be applied. */
  boolean isEmpty();

  /**
   * Whether every change that was committed before this mark is in here or applied.
   *
   * @param mark as {@link RebuildTable#write} gave it
   */
  boolean reached(long mark);

  /** Hands over what waits to be applied, or a part of it. */
  Batch drain();

  /** Whether the last {@link #drain} has left something. */
  boolean more();

  /**
   * Under the lock of a cut-over, with everything applied: the state from which the way back is
   * captured.
   */
  RebuildState keepFrom(RebuildState state);

  @Override
  void close();
}
