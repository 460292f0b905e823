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
 * @param workers how many connections copy and compare, null for as many as the run began with
 */
record Orders(
    boolean paused,
    boolean postponed,
    boolean stop,
    @Nullable Long chunkMillis,
    @Nullable Integer workers) {
  static final Orders NONE = new Orders(false, false, false, null, null);

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
      case Control.Pause() -> new Orders(true, postponed, stop, chunkMillis, workers);
      case Control.Resume() -> new Orders(false, postponed, false, chunkMillis, workers);
      case Control.Postpone() -> new Orders(paused, true, stop, chunkMillis, workers);
      case Control.CutOverNow() -> new Orders(false, false, stop, chunkMillis, workers);
      case Control.Stop() -> new Orders(paused, postponed, true, chunkMillis, workers);
      case Control.ChunkTime(var time) ->
          new Orders(paused, postponed, stop, time.toMillis(), workers);
      case Control.Workers(var number) -> new Orders(paused, postponed, stop, chunkMillis, number);
      case Control.Status() -> this;
    };
  }

  /** A run that begins has been asked for, whatever the last one was told. */
  Orders begun() {
    return new Orders(paused, postponed, false, chunkMillis, workers);
  }

  @Nullable Duration chunkTime() {
    return chunkMillis == null ? null : Duration.ofMillis(chunkMillis);
  }
}
