package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Words that mean the same under every sql_mode and character set. */
final class Sql {
  private static final HexFormat HEX = HexFormat.of();

  private Sql() {}

  static String name(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  static String text(String value) {
    return text("utf8mb4", Bytes.utf8(value));
  }

  static String text(String characterSet, Bytes value) {
    return "_" + characterSet + " x'" + HEX.formatHex(value.toArray()) + "'";
  }

  /** Its bytes reach the client as they are, whatever it wants results to be converted to. */
  static String raw(String expression) {
    return "CAST(" + expression + " AS BINARY)";
  }

  static String utf8(String expression) {
    return "CONVERT(" + expression + " USING utf8mb4)";
  }

  /** The value as it stands in a SET, a number or a text. */
  static String literal(@Nullable String value, boolean number) {
    if (value == null) {
      return "NULL";
    }
    return number ? value : text(value);
  }
}
