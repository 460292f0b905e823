package dev.halcyon.progress;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. */
public final class Figures {
  private Figures() {}

  /** {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 row}, {@code 1,200 rows}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code 12 kB}, {@code 512 MB}, {@code 20 GB}; at least 1 kB. */
  public static String bytes(long bytes) {
    if (bytes < 10_000_000) {
      return count(Math.max(1, bytes / 1_000)) + " kB";
    }
    return bytes < 10_000_000_000L
        ? count(bytes / 1_000_000) + " MB"
        : count(bytes / 1_000_000_000) + " GB";
  }

  /** {@code 85 ms}, {@code 2.4 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 7 d 3 h}. */
  public static String duration(Duration time) {
    long millis = time.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      String seconds = String.format(Locale.ROOT, "%.1f", millis / 1000.0);
      return (seconds.endsWith(".0") ? seconds.substring(0, seconds.length() - 2) : seconds) + " s";
    }
    if (time.toHours() < 1) {
      return two(time.toMinutes(), "min", time.toSecondsPart(), "s");
    }
    if (time.toDays() < 1) {
      return two(time.toHours(), "h", time.toMinutesPart(), "min");
    }
    return two(time.toDays(), "d", time.toHoursPart(), "h");
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }
}
