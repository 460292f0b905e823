package dev.halcyon.pair.judge;

import java.util.Locale;

/**
 * What the applier of one server may convert: {@code slave_type_conversions}, in MySQL {@code
 * replica_type_conversions}.
 */
public record Conversions(boolean nonLossy, boolean lossy) {
  public static final Conversions NONE = new Conversions(false, false);

  /** Reads the server's value. */
  public static Conversions of(String value) {
    var words = value.toUpperCase(Locale.ROOT);
    return new Conversions(words.contains("ALL_NON_LOSSY"), words.contains("ALL_LOSSY"));
  }
}
