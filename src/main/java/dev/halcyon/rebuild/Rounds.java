package dev.halcyon.rebuild;

import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.KeyWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a walk into chunks, a round of several at a time; the next round can be cut while one is
 * worked on. For one thread.
 */
final class Rounds {
  private final Work work;
  private final @Nullable KeyWalk walk;
  private final LongSupplier rows;
  private @Nullable KeyPosition after;
  private List<Chunk> ahead = List.of();

  /**
   * @param walk null for a table without rows
   * @param rows how many the next chunk shall have
   * @param after where it begins; null for the start
   */
  Rounds(Work work, @Nullable KeyWalk walk, LongSupplier rows, @Nullable KeyPosition after) {
    this.work = work;
    this.walk = walk;
    this.rows = rows;
    this.after = after;
  }

  /** Whether more than one chunk is still to come. */
  boolean several() {
    ahead = cut(2);
    return ahead.size() > 1;
  }

  /** Where the next round begins; null for the start. */
  @Nullable KeyPosition after() {
    return after;
  }

  /**
   * The next round.
   *
   * @return empty when the walk has come to its end
   */
  List<Chunk> next(int most) {
    var fits = most > 1 && ahead.size() > 1;
    var round = fits ? ahead : cut(most);
    ahead = List.of();
    if (!round.isEmpty()) {
      after = round.getLast().range().upTo();
    }
    return round;
  }

  /** Cuts the round after this one; a single chunk is soon done. */
  void ahead(List<Chunk> round) {
    if (round.size() > 1) {
      ahead = cut(round.size());
    }
  }

  private List<Chunk> cut(int most) {
    var chunks = new ArrayList<Chunk>();
    var from = after;
    while (walk != null && chunks.size() < most) {
      var place = from;
      var chunk = work.steadily(session -> walk.next(session, place, rows.getAsLong()));
      if (chunk.isEmpty()) {
        break;
      }
      chunks.add(chunk.get());
      from = chunk.get().range().upTo();
    }
    return chunks;
  }
}
