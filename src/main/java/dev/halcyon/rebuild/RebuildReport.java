package dev.halcyon.rebuild;

import java.time.Duration;

/**
 * What a run of a rebuild did.
 *
 * @param rows copied since the rebuild began, earlier runs included
 * @param changes captured and applied in this run, one for each row and round
 * @param compared rows that were compared in this run
 * @param comparing how long that took
 * @param stall how long the application's statements could have waited at the cut-over
 * @param attempts cut-overs that were tried
 */
public record RebuildReport(
    long rows, long changes, long compared, Duration comparing, Duration stall, int attempts) {
  /** Of a run that found everything done but the tidying up. */
  static RebuildReport ended(long rows) {
    return new RebuildReport(rows, 0, 0, Duration.ZERO, Duration.ZERO, 0);
  }
}
