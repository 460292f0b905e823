package dev.halcyon.progress;

import java.time.Duration;

/** Something that happened in a run. Rows and steps are named, never positions in a list. */
public sealed interface Event {
  /** A phase of a change begins; {@code steps} of it remain. */
  record PhaseStarted(String version, String phase, int steps) implements Event {}

  /** A phase ended well. */
  record PhaseFinished(String version, String phase, Duration took) implements Event {}

  /** A step begins. {@code total} rows are expected, 0 when the step has no rows to count. */
  record StepStarted(String version, String step, String title, long total) implements Event {}

  /** Rows so far in a step. */
  record StepAdvanced(String version, String step, long done, long total) implements Event {}

  /** A step ended well. {@code skipped}: the server's state showed that it was already true. */
  record StepFinished(String version, String step, boolean skipped, Duration took)
      implements Event {}

  /** The run waits: for a lock, for a replica to catch up, for the server to come back. */
  record Waiting(String version, String step, String reason) implements Event {}

  /** Something worth saying once. */
  record Note(String text) implements Event {}

  /** A part of a demonstration begins; {@code title} is for people. */
  record ActStarted(String act, String title) implements Event {}

  /**
   * A part of a demonstration is over: what the application's clients have seen meanwhile.
   *
   * @param failed statements that failed for good; victims of deadlocks that were tried again are
   *     counted apart
   * @param mismatches reads that showed what they should not
   * @param longestStall the longest time that a client waited for a statement
   */
  record ActFinished(
      String act,
      Duration took,
      long statements,
      long failed,
      long mismatches,
      long deadlocksRetried,
      Duration longestStall)
      implements Event {
    /** Statements a second. */
    public long perSecond() {
      return took.isPositive() ? Math.round(statements * 1e9 / took.toNanos()) : 0;
    }
  }
}
