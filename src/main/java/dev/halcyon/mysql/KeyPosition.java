package dev.halcyon.mysql;

import java.util.List;

/**
 * A place in the order of a table's key: one text for each column, as the server gave it. Opaque
 * outside the walk; may be stored and given back.
 */
public record KeyPosition(List<String> values) {
  public KeyPosition {
    values = List.copyOf(values);
    if (values.isEmpty() || values.stream().anyMatch(KeyPosition::unsafe)) {
      throw new IllegalArgumentException("not the position of a key: " + values);
    }
  }

  /** A stored position becomes part of a statement. No value that the server gives has a quote. */
  private static boolean unsafe(String value) {
    return !value.matches("[-0-9A-Za-z.: ]*");
  }

  @Override
  public String toString() {
    return String.join(", ", values);
  }
}
