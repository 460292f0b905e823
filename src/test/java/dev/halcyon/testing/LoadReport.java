package dev.halcyon.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link Load} has done.
 *
 * @param done pieces of work that succeeded
 * @param errorsByCode how many failed, by the server's error code
 * @param firstErrors the first errors in full
 * @param median of the time that a successful piece of work took
 * @param p99 of the same
 * @param longest of the same
 */
public record LoadReport(
    long done,
    Map<Integer, Long> errorsByCode,
    List<String> firstErrors,
    Duration median,
    Duration p99,
    Duration longest,
    long seed) {

  /** The server's code for a deadlock, whose victim may begin its transaction again. */
  public static final int DEADLOCK = 1213;

  public LoadReport {
    errorsByCode = Map.copyOf(errorsByCode);
    firstErrors = List.copyOf(firstErrors);
  }

  public long errors(int code) {
    return errorsByCode.getOrDefault(code, 0L);
  }

  /** Fails, with the seed, if an error of another code occurred. */
  public LoadReport requireNoErrorsBut(Integer... allowed) {
    if (!Set.of(allowed).containsAll(errorsByCode.keySet())) {
      throw new AssertionError(
          "The clients of the load saw errors %s beside %d successes, seed %d, first:\n  %s"
              .formatted(errorsByCode, done, seed, String.join("\n  ", firstErrors)));
    }
    return this;
  }
}
