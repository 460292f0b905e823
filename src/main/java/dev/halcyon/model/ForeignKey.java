package dev.halcyon.model;

import java.util.List;

/**
 * A foreign key of its child table.
 *
 * @param onDelete {@code CASCADE}, {@code SET NULL}, {@code RESTRICT}, {@code NO ACTION}; the same
 *     words for onUpdate
 */
public record ForeignKey(
    String name,
    String table,
    List<String> columns,
    String referencedSchema,
    String referencedTable,
    List<String> referencedColumns,
    String onDelete,
    String onUpdate) {
  public ForeignKey {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
  }

  /** Whether the server changes child rows by itself, which fires no trigger. */
  public boolean writesChildren() {
    return (acts(onDelete) && !onDelete.equals("CASCADE")) || acts(onUpdate);
  }

  private static boolean acts(String action) {
    return action.equals("CASCADE") || action.startsWith("SET ");
  }
}
