package dev.halcyon.pair;

import dev.halcyon.journal.BaselineRecord;
import dev.halcyon.journal.Holder;
import dev.halcyon.journal.Journal;
import dev.halcyon.journal.JournalTables;
import dev.halcyon.journal.Lease;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.Server;
import dev.halcyon.progress.Events;
import java.util.List;

/** Tells Halcyon's version tables, which are replicated, of a change that both servers have. */
final class VersionTables {
  private static final String SOURCE = "halcyon_pair";

  private VersionTables() {}

  /**
   * It counts as contracted from now on. Nothing where there are no such tables, or they know it.
   *
   * @param active the server that takes writes
   */
  static void tell(Server active, Expansion.Order order, Events events) {
    try (var session = active.open("pair version tables")) {
      if (!JournalTables.exist(session)) {
        return;
      }
    }
    var holder = Holder.current("pair finish " + order.name());
    try (var lease = Lease.acquire(active, holder, LeaseTimes.DEFAULT, events);
        var journal = new Journal(lease, holder.user() + "@" + holder.host(), _ -> {})) {
      if (journal.read(reader -> reader.change(order.version())).isEmpty()) {
        journal.baseline(
            List.of(
                new BaselineRecord(
                    order.version(), order.description(), order.checksum(), SOURCE)));
      }
    }
  }
}
