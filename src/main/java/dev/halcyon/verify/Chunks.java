package dev.halcyon.verify;

import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Session;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands out the chunks of a walk to several workers, each chunk once. Thread-safe. */
final class Chunks {
  /**
   * @param ordinal its place in the walk, from 0
   */
  record Numbered(long ordinal, Chunk chunk) {}

  private final KeyWalk walk;
  private @Nullable KeyPosition after;
  private long ordinal;
  private boolean ended;

  Chunks(KeyWalk walk) {
    this.walk = walk;
  }

  synchronized Optional<Numbered> next(Session session, long rows) {
    if (ended) {
      return Optional.empty();
    }
    var chunk = walk.next(session, after, rows);
    if (chunk.isEmpty()) {
      ended = true;
      return Optional.empty();
    }
    after = chunk.get().range().upTo();
    return Optional.of(new Numbered(ordinal++, chunk.get()));
  }

  /** Nothing is handed out any more. */
  synchronized void end() {
    ended = true;
  }

  synchronized boolean ended() {
    return ended;
  }
}
