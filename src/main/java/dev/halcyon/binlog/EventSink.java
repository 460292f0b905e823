package dev.halcyon.binlog;

import java.util.List;

/** Takes what the decoder reads, in the order of the log. */
interface EventSink {
  /** Rows of a transaction that has not yet ended. */
  void changed(WatchedTable table, List<RowChange> changes);

  /** The transaction has ended well; with or without changes. */
  void committed(Position after);

  /** The transaction's changes are void. */
  void rolledBack(Position after);
}
