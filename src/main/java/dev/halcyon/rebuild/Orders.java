package dev.halcyon.rebuild;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What somebody wants of a rebuild under way; stands in its row, so that it can be said from
 * anywhere.
 *
 * @param paused nothing is copied or compared; changes are still taken along
 * @param postponed everything but the cut-over
 * @param stop the run ends at its next safe point
 * @param chunkMillis how long a chunk shall take, null for the setting
 */
record Orders(boolean paused, boolean postponed, boolean stop, @Nullable Long chunkMillis) {
  static final Orders NONE = new Orders(false, false, false, null);

  private static final JsonMapper JSON = JsonMapper.shared();

  static Orders parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return NONE;
    }
    try {
      return JSON.readValue(text, Orders.class);
    } catch (JacksonException unreadable) {
      throw new IllegalStateException("not orders of a rebuild: " + text, unreadable);
    }
  }

  String text() {
    return JSON.writeValueAsString(this);
  }

  Orders with(Control control) {
    return switch (control) {
      case Control.Pause() -> new Orders(true, postponed, stop, chunkMillis);
      case Control.Resume() -> new Orders(false, postponed, false, chunkMillis);
      case Control.Postpone() -> new Orders(paused, true, stop, chunkMillis);
      case Control.CutOverNow() -> new Orders(false, false, stop, chunkMillis);
      case Control.Stop() -> new Orders(paused, postponed, true, chunkMillis);
      case Control.ChunkTime(var time) -> new Orders(paused, postponed, stop, time.toMillis());
      case Control.Status() -> this;
    };
  }

  /** A run that begins has been asked for, whatever the last one was told. */
  Orders begun() {
    return new Orders(paused, postponed, false, chunkMillis);
  }

  @Nullable Duration chunkTime() {
    return chunkMillis == null ? null : Duration.ofMillis(chunkMillis);
  }
}
