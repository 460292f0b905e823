package dev.halcyon.binlog;

import java.util.List;

/** Takes what the decoder reads, in the order of the log. */
interface EventSink {
  /**
   * Rows of a transaction that has not yet ended.
   *
   * @param origin the {@code server_id} of the server where it was made
   */
  void changed(WatchedTable table, List<RowChange> changes, long origin);

  /** The transaction has ended well; with or without changes. */
  void committed(Position after);

  /** The transaction's changes are void. */
  void rolledBack(Position after);
}
