package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the tables beside the original are called. They sort behind it byte by byte, because a
 * RENAME takes its locks in that order: it must stand in the queue for the original before it waits
 * for anything else, or writes slip in between.
 *
 * @param touched where triggers write which rows the application has touched
 * @param touchedBack the same of the way back
 */
public record ShadowNames(
    String table, String shadow, String old, String touched, String touchedBack) {
  private static final int LONGEST = 64;

  /**
   * @throws Refusal HAL-301 for a name behind which none sorts that is short enough
   */
  public static ShadowNames of(String table) {
    var names =
        new ShadowNames(
            table,
            behind(table, "_hal_new"),
            behind(table, "_hal_old"),
            behind(table, "_hal_keys"),
            behind(table, "_hal_back"));
    if (!sortsBehind(table, names.shadow) || !sortsBehind(table, names.old)) {
      throw ErrorCode.NOT_SUPPORTED.refuse(
          "The name of table %s is too long for names that sort behind it.".formatted(table),
          "Give the table a shorter name first.");
    }
    return names;
  }

  /** Of the way back: the old table comes in, the new one goes out. */
  ShadowNames back() {
    return new ShadowNames(
        table, /* shadow= */ old, /* old= */ shadow, /* touched= */ touchedBack, touched);
  }

  private static String behind(String table, String suffix) {
    return table.length() + suffix.length() <= LONGEST
        ? table + suffix
        : "~" + table.substring(0, LONGEST - suffix.length() - 1) + suffix;
  }

  private static boolean sortsBehind(String table, String other) {
    return Arrays.compareUnsigned(
            other.getBytes(StandardCharsets.UTF_8), table.getBytes(StandardCharsets.UTF_8))
        > 0;
  }
}
