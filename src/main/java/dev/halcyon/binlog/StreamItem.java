package dev.halcyon.binlog;

import java.util.List;

/** What comes out of a {@link ChangeStream}, in the order of the log. */
public sealed interface StreamItem {
  /**
   * Rows that a transaction changed. The transaction has not yet ended: they count only when {@link
   * Committed} follows.
   *
   * @param origin the {@code server_id} of the server where it was made; that of another one if it
   *     came through replication
   */
  record Changed(WatchedTable table, List<RowChange> changes, long origin) implements StreamItem {
    public Changed {
      changes = List.copyOf(changes);
    }
  }

  /**
   * The transaction has ended well, with all {@link Changed} since the last of these.
   *
   * @param after where to read on, now or after a restart
   */
  record Committed(Position after) implements StreamItem {}

  /**
   * All {@link Changed} since the last {@link Committed} are void: the transaction was rolled back,
   * or the connection was lost and the same changes come again.
   */
  record Discarded(Position after) implements StreamItem {}
}
