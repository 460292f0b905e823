package dev.halcyon.mysql;

/**
 * Rows of a table that are worked on at once.
 *
 * @param rows how many there were when the chunk was cut
 */
public record Chunk(KeyRange range, long rows) {
  public Chunk {
    if (rows <= 0) {
      throw new IllegalArgumentException("a chunk has rows");
    }
  }
}
