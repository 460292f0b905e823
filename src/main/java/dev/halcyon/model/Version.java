package dev.halcyon.model;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The version of a change, as in the file name {@code V1.2__name.sql}: numbers joined by dots or
 * underscores, kept here with dots and without the letter.
 */
public record Version(String text) implements Comparable<Version> {
  private static final Pattern SHAPE = Pattern.compile("\\d+(\\.\\d+)*");
  private static final Comparator<BigInteger[]> NUMBERS = Version::compareNumbers;

  public Version {
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException("not a version: " + text);
    }
  }

  /** Reads {@code 11}, {@code V11}, {@code v1_2}; anything else is an IllegalArgumentException. */
  public static Version parse(String argument) {
    String bare =
        argument.toUpperCase(Locale.ROOT).startsWith("V") ? argument.substring(1) : argument;
    return new Version(bare.replace('_', '.'));
  }

  @Override
  public int compareTo(Version other) {
    return NUMBERS.compare(numbers(), other.numbers());
  }

  /** {@code 1.0} and {@code 1} are one version. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Version that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return text.replaceAll("(\\.0+)+$", "").replaceAll("(^|\\.)0+(?=\\d)", "$1").hashCode();
  }

  @Override
  public String toString() {
    return "V" + text;
  }

  private BigInteger[] numbers() {
    String[] parts = text.split("\\.", -1);
    var numbers = new BigInteger[parts.length];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = new BigInteger(parts[i]);
    }
    return numbers;
  }

  private static int compareNumbers(BigInteger[] left, BigInteger[] right) {
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      BigInteger a = i < left.length ? left[i] : BigInteger.ZERO;
      BigInteger b = i < right.length ? right[i] : BigInteger.ZERO;
      int order = a.compareTo(b);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
