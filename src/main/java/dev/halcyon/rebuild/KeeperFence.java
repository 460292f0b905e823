package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.FencedSessions;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import java.util.Optional;

/**
 * The right to have an old table follow the new one. It is held beside the lease of the schema, for
 * a day perhaps, and ends when a revert, an abort or another keeper raises the number in the
 * rebuild's row. For one thread.
 */
public final class KeeperFence implements FencedSessions {
  private static final int NO_SUCH_TABLE = 1146;

  private final Server server;
  private final String table;
  private long keeper = -1;

  public KeeperFence(Server server, String table) {
    this.server = server;
    this.table = table;
  }

  /** From now on this number is ours. */
  void hold(long number) {
    keeper = number;
  }

  @Override
  public Session open(String purpose) {
    return server.open(purpose);
  }

  @Override
  public void fence(Session inTransaction) {
    var row = row(inTransaction);
    var mine =
        row.map(found -> RebuildState.parse(found.string(1)))
            .filter(state -> state.stage() == RebuildState.Stage.KEEPING)
            .map(RebuildState::keep)
            .filter(keep -> keep.keeper() == keeper);
    if (mine.isEmpty()) {
      throw new Failure(
          ErrorCode.FENCED,
          "keep the old table of " + table,
          "another run has taken it over",
          "This run has stopped; it has changed nothing since.",
          "halcyon alter --control=status " + table,
          null);
    }
  }

  /** A revert that has ended takes the table away with its last row. */
  private Optional<Row> row(Session inTransaction) {
    try {
      return inTransaction.first(
          "SELECT state FROM " + RebuildTable.NAME + " WHERE name = ? FOR UPDATE", table);
    } catch (Fault.Refused refused) {
      if (refused.code() == NO_SUCH_TABLE) {
        return Optional.empty();
      }
      throw refused;
    }
  }
}
