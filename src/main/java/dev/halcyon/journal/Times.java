package dev.halcyon.journal;

import dev.halcyon.mysql.Row;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads the times of the tables, which are in UTC whatever the session's zone is. */
final class Times {
  private Times() {}

  static Instant instant(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
  }

  static @Nullable Instant instantOrNull(Row row, String column) {
    return row.isNull(column) ? null : instant(row.string(column));
  }
}
