package dev.halcyon.testing;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of a row as text that tells NULL, bytes and numbers apart well enough to compare. */
final class Rows {
  private Rows() {}

  static String text(List<@Nullable Object> row) {
    return row.stream().map(Rows::text).collect(Collectors.joining(" | "));
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case byte[] bytes -> "0x" + HexFormat.of().formatHex(bytes);
      default -> value.toString();
    };
  }
}
