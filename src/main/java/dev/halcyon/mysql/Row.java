package dev.halcyon.mysql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result. Columns are named without regard to case, or by position from 1. Values are
 * {@link Long} or {@link BigInteger} for integers, {@link BigDecimal} for DECIMAL, {@link Double}
 * for FLOAT and DOUBLE, {@code byte[]} for binary types and BIT, and text as the server gives it
 * for everything else, dates and times included; as arguments of a later statement they mean the
 * same value, BIT aside. Immutable, but for the arrays.
 */
public final class Row {
  private final Map<String, Integer> positions;
  private final List<@Nullable Object> values;

  /** The caller gives up the list. {@code positions} maps lower-case names to places from 0. */
  Row(Map<String, Integer> positions, List<@Nullable Object> values) {
    this.positions = positions;
    this.values = Collections.unmodifiableList(values);
  }

  /** All values, in the order of the columns. */
  public List<@Nullable Object> values() {
    return values;
  }

  public @Nullable Object value(String name) {
    return values.get(position(name) - 1);
  }

  public @Nullable Object value(int position) {
    return values.get(position - 1);
  }

  public boolean isNull(String name) {
    return value(name) == null;
  }

  public boolean isNull(int position) {
    return value(position) == null;
  }

  /** The value as text. {@link NullPointerException} if it is NULL. */
  public String string(String name) {
    return string(position(name));
  }

  /** The value as text. {@link NullPointerException} if it is NULL. */
  public String string(int position) {
    return Objects.requireNonNull(stringOrNull(position), () -> "column " + position + " is NULL");
  }

  /** The value as text, or null if it is NULL. Bytes are read as UTF-8. */
  public @Nullable String stringOrNull(String name) {
    return stringOrNull(position(name));
  }

  /** The value as text, or null if it is NULL. Bytes are read as UTF-8. */
  public @Nullable String stringOrNull(int position) {
    return switch (value(position)) {
      case null -> null;
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case BigDecimal number -> number.toPlainString();
      case Object other -> other.toString();
    };
  }

  /** The value as a number. {@link NumberFormatException} if it is none. */
  public BigDecimal number(String name) {
    return number(position(name));
  }

  /** The value as a number. {@link NumberFormatException} if it is none. */
  public BigDecimal number(int position) {
    return new BigDecimal(string(position));
  }

  /** The value as a whole number. {@link ArithmeticException} if it does not fit. */
  public long longValue(String name) {
    return longValue(position(name));
  }

  /** The value as a whole number. {@link ArithmeticException} if it does not fit. */
  public long longValue(int position) {
    return value(position) instanceof Long number ? number : number(position).longValueExact();
  }

  /** Whether the value is a number other than 0. */
  public boolean isTrue(String name) {
    return number(name).signum() != 0;
  }

  /** The value's bytes, text in UTF-8. {@link NullPointerException} if it is NULL. */
  public byte[] bytes(String name) {
    return bytes(position(name));
  }

  /** The value's bytes, text in UTF-8. {@link NullPointerException} if it is NULL. */
  public byte[] bytes(int position) {
    return value(position) instanceof byte[] bytes
        ? bytes.clone()
        : string(position).getBytes(StandardCharsets.UTF_8);
  }

  /** Column names and values, for messages and tests. */
  @Override
  public String toString() {
    var text = new StringBuilder("{");
    positions.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(
            entry ->
                text.append(text.length() > 1 ? ", " : "")
                    .append(entry.getKey())
                    .append('=')
                    .append(stringOrNull(entry.getValue() + 1)));
    return text.append('}').toString();
  }

  private int position(String name) {
    var place = positions.get(name.toLowerCase(Locale.ROOT));
    if (place == null) {
      throw new IllegalArgumentException("no column " + name + " in " + positions.keySet());
    }
    return place + 1;
  }
}
