package dev.halcyon.binlog;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Dates and times of the log as the server's own text, TIMESTAMP in UTC. Zero and partly zero dates
 * keep their zeros.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/my__time_8cc.html">the server's
 *     packed forms</a>
 */
final class Temporal {
  private static final int WHOLE_TIME = 3;
  private static final int WHOLE_DATETIME = 5;

  private Temporal() {}

  static String text(ColumnCode code, Slice value) {
    return switch (code.type()) {
      case ColumnCode.DATE -> date(value.little(3));
      case ColumnCode.DATETIME2 -> datetime(value) + fraction(value, WHOLE_DATETIME, code.meta());
      case ColumnCode.TIMESTAMP2 -> timestamp(value) + fraction(value, 4, code.meta());
      case ColumnCode.TIME2 -> time(value, code.meta());
      default -> throw new IllegalArgumentException("no date or time: " + code);
    };
  }

  private static String date(long packed) {
    return "%04d-%02d-%02d".formatted(packed >> 9, (packed >> 5) & 15, packed & 31);
  }

  private static String datetime(Slice value) {
    var packed = value.big(0, WHOLE_DATETIME) - 0x80_0000_0000L;
    var months = packed >> 22;
    return "%04d-%02d-%02d %02d:%02d:%02d"
        .formatted(
            months / 13,
            months % 13,
            (packed >> 17) & 31,
            (packed >> 12) & 31,
            (packed >> 6) & 63,
            packed & 63);
  }

  private static String timestamp(Slice value) {
    var seconds = value.big(0, 4);
    if (seconds == 0) {
      return "0000-00-00 00:00:00";
    }
    var time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    return "%04d-%02d-%02d %02d:%02d:%02d"
        .formatted(
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond());
  }

  /** A negative time is the complement of whole and fraction together. */
  private static String time(Slice value, int digits) {
    var more = (digits + 1) / 2;
    var packed = value.big(0, WHOLE_TIME + more) - (0x80_0000L << (8 * more));
    var size = Math.abs(packed);
    var whole = size >> (8 * more);
    return (packed < 0 ? "-" : "")
        + "%02d:%02d:%02d".formatted((whole >> 12) & 0x3ff, (whole >> 6) & 63, whole & 63)
        + fraction(size & ((1L << (8 * more)) - 1), digits);
  }

  private static String fraction(Slice value, int at, int digits) {
    return fraction(value.big(at, (digits + 1) / 2), digits);
  }

  /** The fraction has an even number of digits in the log. */
  private static String fraction(long number, int digits) {
    if (digits == 0) {
      return "";
    }
    var even = digits + digits % 2;
    return "." + ("%0" + even + "d").formatted(number).substring(0, digits);
  }
}
