package dev.halcyon.lint;

import java.util.List;

/**
 * What given or open changes do to the schema that queries rely on.
 *
 * @param going what is taken away
 * @param reshaped tables whose list of columns changes
 */
public record Pending(List<Going> going, List<Reshaped> reshaped) {
  public static final Pending NONE = new Pending(List.of(), List.of());

  /**
   * A column or a table that goes away.
   *
   * @param column empty for the whole table
   * @param by the version of the change: {@code V11}
   */
  public record Going(String table, String column, String by) {
    String label() {
      return column.isEmpty() ? table : table + "." + column;
    }
  }

  /** A table that gains or loses columns. */
  public record Reshaped(String table, String by) {}

  public Pending {
    going = List.copyOf(going);
    reshaped = List.copyOf(reshaped);
  }
}
