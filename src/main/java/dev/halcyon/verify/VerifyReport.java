package dev.halcyon.verify;

import java.util.List;

/**
 * What was found.
 *
 * @param key the columns by which rows are named
 * @param rows how many were looked at
 * @param found one for each kind of fault, those without rows included, in the step's order
 */
public record VerifyReport(String table, List<String> key, long rows, List<Found> found) {
  /**
   * Rows with one kind of fault.
   *
   * @param rows exactly how many; each row was seen in the state that one statement saw it in
   * @param keys the first of them in key order, at most 10, each with one text for each key column
   */
  public record Found(String kind, String meaning, long rows, List<List<String>> keys) {
    public Found {
      keys = List.copyOf(keys);
    }
  }

  public VerifyReport {
    key = List.copyOf(key);
    found = List.copyOf(found);
  }

  /** Whether there is no faulty row. */
  public boolean clean() {
    return found.stream().allMatch(f -> f.rows() == 0);
  }
}
