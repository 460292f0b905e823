package dev.halcyon.rebuild;

import dev.halcyon.mysql.FencedSessions;
import dev.halcyon.mysql.Neighbours;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.ServerIdentity;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * What a rebuild works with.
 *
 * @param sessions opens every session that changes something: the lease of the schema
 * @param waits how long schema statements and the cut-over wait for locks
 * @param patience how long a lost server may stay away
 * @param capture what tells a rebuild that begins of the application's writes
 * @param workers connections that copy at once when nobody else is at work
 * @param stopped whether the user wants to stop; asked between chunks
 * @param journalWrites is told after each write of the checkpoint how many there were
 * @param neighbours may be asked whether they take writes, too
 */
public record RebuildContext(
    Server server,
    FencedSessions sessions,
    Throttle throttle,
    Pace pace,
    Patience waits,
    Duration patience,
    CaptureBy capture,
    int workers,
    Events events,
    BooleanSupplier stopped,
    IntConsumer journalWrites,
    Neighbours neighbours) {
  public RebuildContext {
    if (workers < 1) {
      throw new IllegalArgumentException("somebody has to copy");
    }
  }

  /** The same, on this server only. */
  RebuildContext pinned(String table, ServerIdentity to) {
    return new RebuildContext(
        server,
        new PinnedSessions(sessions, table, to),
        throttle,
        pace,
        waits,
        patience,
        capture,
        workers,
        events,
        stopped,
        journalWrites,
        neighbours);
  }

  String schema() {
    return server.schema();
  }
}
