package dev.halcyon.pair.judge;

/**
 * One difference between the two servers.
 *
 * @param table that it is in; of what is in none, its own name
 * @param difference in a few words: {@code column n is added at the end}
 * @param forward rows from the server with the old shape to the one with the new
 * @param backward rows from the new shape into the old one
 */
public record Verdict(String table, String difference, Passage forward, Passage backward) {
  static Verdict harmless(String table, String difference) {
    return new Verdict(table, difference, Passage.FREE, Passage.FREE);
  }
}
