package dev.halcyon.usage;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tables and columns of one schema that a statement uses at most.
 *
 * @param anything whether it could be any of them
 * @param elements {@code table} and {@code table.column}, in lower case
 */
record Use(boolean anything, Set<String> elements) {
  static final Use NONE = new Use(false, Set.of());
  static final Use ANYTHING = new Use(true, Set.of());

  Use {
    elements = Collections.unmodifiableSortedSet(new TreeSet<>(elements));
  }

  static Use of(Collection<String> elements) {
    return new Use(false, Set.copyOf(elements));
  }

  static String element(String table, String column) {
    return (table + "." + column).toLowerCase(Locale.ROOT);
  }

  Use and(Use other) {
    if (equals(NONE)) {
      return other;
    }
    var both = new TreeSet<>(elements);
    both.addAll(other.elements);
    return new Use(anything || other.anything, both);
  }

  boolean isNone() {
    return !anything && elements.isEmpty();
  }

  /** Whether it is one of the schema's tables or columns that is used. */
  boolean touches(String element) {
    return anything || elements.contains(element.toLowerCase(Locale.ROOT));
  }
}
