package dev.halcyon.backfill;

import dev.halcyon.mysql.KeyPosition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a backfill came.
 *
 * @param after the last key that is done; null before the first chunk
 * @param end the greatest key when the backfill began
 * @param rows done so far
 */
record Checkpoint(@Nullable KeyPosition after, KeyPosition end, long rows) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Checkpoint parse(String text) {
    try {
      return JSON.readValue(text, Checkpoint.class);
    } catch (JacksonException unreadable) {
      throw new IllegalStateException("not a checkpoint of a backfill: " + text, unreadable);
    }
  }

  Checkpoint then(KeyPosition next, long moreRows) {
    return new Checkpoint(next, end, rows + moreRows);
  }

  String text() {
    return JSON.writeValueAsString(this);
  }
}
