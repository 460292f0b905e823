package dev.halcyon.model;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An index of a table.
 *
 * @param name {@code PRIMARY} for the primary key
 * @param kind {@code BTREE}, {@code HASH}, {@code FULLTEXT}, {@code SPATIAL}
 * @param visible false when INVISIBLE (MySQL) or IGNORED (MariaDB)
 */
public record Index(
    String name, boolean unique, String kind, List<Part> parts, boolean visible, String comment) {

  /**
   * One part of the key.
   *
   * @param column null when the part is an expression
   * @param expression null when the part is a column
   * @param prefix in characters or bytes, null for the whole column
   */
  public record Part(
      @Nullable String column,
      @Nullable String expression,
      @Nullable Integer prefix,
      boolean descending) {
    public Part {
      if ((column == null) == (expression == null)) {
        throw new IllegalArgumentException("a part is a column or an expression");
      }
    }

    String sql() {
      return (column != null ? quoted(column) : "(" + expression + ")")
          + (prefix != null ? "(" + prefix + ")" : "")
          + (descending ? " DESC" : "");
    }
  }

  public Index {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("an index has parts");
    }
  }

  public boolean isPrimary() {
    return name.equals("PRIMARY");
  }

  /** The columns in order; expressions are left out. */
  public List<String> columns() {
    return parts.stream().map(Part::column).filter(c -> c != null).toList();
  }

  public boolean uses(String column) {
    return parts.stream().anyMatch(p -> column.equalsIgnoreCase(p.column()));
  }

  /** {@code UNIQUE KEY `name` (`a`, `b`(10) DESC)}, as it stands after ADD. */
  public String definition(String asName) {
    String head =
        switch (kind) {
          case "FULLTEXT" -> "FULLTEXT KEY";
          case "SPATIAL" -> "SPATIAL KEY";
          default -> unique ? "UNIQUE KEY" : "KEY";
        };
    return head
        + " "
        + quoted(asName)
        + " "
        + parts.stream().map(Part::sql).collect(Collectors.joining(", ", "(", ")"))
        + (comment.isEmpty() ? "" : " COMMENT '" + comment.replace("'", "''") + "'");
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
