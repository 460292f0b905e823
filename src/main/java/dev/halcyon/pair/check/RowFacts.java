package dev.halcyon.pair.check;

import java.util.List;

/**
 * What a comparison of all rows has found.
 *
 * @param followed whether each server had all of the other one's when a difference was looked at;
 *     if not, what differs may be under way
 * @param notCompared tables, each with its reason
 * @param differences at most some of each table
 * @param clashes values of unique keys that stand for two rows
 */
public record RowFacts(
    boolean followed, List<String> notCompared, List<Difference> differences, List<Clash> clashes) {

  public RowFacts {
    notCompared = List.copyOf(notCompared);
    differences = List.copyOf(differences);
    clashes = List.copyOf(clashes);
  }

  /**
   * A row that is not the same on both servers.
   *
   * @param where a condition that is true of this row only
   * @param first how to make it on the other server, {@code `a` = 1, `b` = NULL}; empty if the
   *     first server has it not
   * @param second the same of the second server
   */
  record Difference(String table, String where, String first, String second) {}

  /**
   * @param value a condition that is true of the row of each server
   * @param first the first server's row, as a condition
   * @param second the second server's row
   * @param renumbering {@code SET} clause that gives the second server's row the key of the first
   */
  record Clash(
      String table, String index, String value, String first, String second, String renumbering) {}
}
