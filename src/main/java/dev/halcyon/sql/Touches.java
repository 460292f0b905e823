package dev.halcyon.sql;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a statement reads and writes at most. A column is named with a table although it may be
 * another table's of the same statement; a view's tables and a routine's are not known.
 *
 * @param anything whether it could read and write everything beside what is named
 * @param routines functions that it calls, the server's own ones included; in lower case
 */
public record Touches(boolean anything, List<Use> tables, Set<String> routines) {
  public static final Touches ANYTHING = new Touches(true, List.of(), Set.of());

  public Touches {
    tables = List.copyOf(tables);
    routines = Collections.unmodifiableSortedSet(new TreeSet<>(routines));
  }

  /**
   * One table or view. Names compare without regard to case.
   *
   * @param schema empty for the one in force
   * @param everyColumn whether every column is read or written, as by {@code *}
   */
  public record Use(
      Optional<String> schema,
      String table,
      boolean everyColumn,
      SortedSet<String> reads,
      SortedSet<String> writes) {
    public Use {
      reads = sorted(reads);
      writes = sorted(writes);
    }

    /** Whether it may read or write the column. */
    public boolean touches(String column) {
      return everyColumn || reads.contains(column) || writes.contains(column);
    }

    private static SortedSet<String> sorted(Set<String> names) {
      var sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      sorted.addAll(names);
      return Collections.unmodifiableSortedSet(sorted);
    }
  }

  /** Whether it may read or write the column of a table, when {@code schema} is in force. */
  public boolean touches(String inForce, String schema, String table, String column) {
    return anything
        || tables.stream()
            .anyMatch(
                use ->
                    use.schema().orElse(inForce).equalsIgnoreCase(schema)
                        && use.table().equalsIgnoreCase(table)
                        && use.touches(column));
  }

  /** Whether it calls a function of the name. */
  public boolean calls(String routine) {
    return anything || routines.contains(routine.toLowerCase(Locale.ROOT));
  }
}
