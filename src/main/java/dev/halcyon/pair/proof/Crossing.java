package dev.halcyon.pair.proof;

import java.util.List;

/**
 * Rows on their way from one shape of a table to another.
 *
 * @param table the name that both statements give it
 * @param sent the CREATE TABLE of the server that writes
 * @param received the CREATE TABLE of the server that applies
 * @param writes what is written, in one transaction
 * @param twins the columns that must be equal afterwards
 */
public record Crossing(
    String table, String sent, String received, List<String> writes, List<Twin> twins) {

  /**
   * One column by its name on each side.
   *
   * @param text whether values compare as text, whatever their character set; else by their bytes
   */
  public record Twin(String sent, String received, boolean text) {}

  public Crossing {
    writes = List.copyOf(writes);
    twins = List.copyOf(twins);
    if (writes.isEmpty() || twins.isEmpty()) {
      throw new IllegalArgumentException("rows of at least one column");
    }
  }
}
