package dev.halcyon.pair;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.judge.Mode;
import java.util.List;
import java.util.Optional;

/**
 * The journal of the pair, a table on each server. It is not replicated: each server has what was
 * written there.
 */
final class PairTable {
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS halcyon_pair (
        operation BIGINT NOT NULL,
        kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        mode VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        change_version VARCHAR(100) NOT NULL,
        from_server VARCHAR(200) NOT NULL,
        to_server VARCHAR(200) NOT NULL,
        state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        detail TEXT NOT NULL,
        error TEXT NOT NULL,
        started_at DATETIME(6) NOT NULL,
        changed_at DATETIME(6) NOT NULL,
        PRIMARY KEY (operation)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
      """;

  private PairTable() {}

  /** The operations that the server knows, the last one first. */
  static List<PairRecord> read(Session session) {
    return exists(session)
        ? session.query("SELECT * FROM halcyon_pair ORDER BY operation DESC").stream()
            .map(PairTable::record)
            .toList()
        : List.of();
  }

  static Optional<PairRecord> latest(Session session) {
    return exists(session)
        ? session
            .first("SELECT * FROM halcyon_pair ORDER BY operation DESC LIMIT 1")
            .map(PairTable::record)
        : Optional.empty();
  }

  /** The last change of one server that has come to its end. */
  static Optional<PairRecord> lastChange(Session session) {
    return read(session).stream()
        .filter(one -> one.kind().isChange() && one.state() == PairState.DONE)
        .findFirst();
  }

  /** Where it is not yet. The session must be one that does not log. */
  static void create(Session session) {
    session.execute(CREATE);
  }

  /** The session must be one that does not log. */
  static void write(Session session, PairRecord record) {
    session.update(
        """
        INSERT INTO halcyon_pair (operation, kind, mode, change_version, from_server, to_server, state,
          detail, error, started_at, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
        ON DUPLICATE KEY UPDATE kind = VALUES(kind), mode = VALUES(mode),
          change_version = VALUES(change_version),
          from_server = VALUES(from_server), to_server = VALUES(to_server), state = VALUES(state),
          detail = VALUES(detail), error = VALUES(error), changed_at = VALUES(changed_at)
        """,
        record.number(),
        record.kind().label(),
        record.mode().label(),
        record.change(),
        record.from(),
        record.to(),
        record.state().label(),
        record.detail(),
        record.error());
  }

  private static boolean exists(Session session) {
    return session
        .first(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name = 'halcyon_pair'")
        .isPresent();
  }

  private static PairRecord record(Row row) {
    return new PairRecord(
        row.longValue("operation"),
        PairRecord.Kind.ofLabel(row.string("kind")),
        Mode.ofLabel(row.string("mode")),
        row.string("change_version"),
        row.string("from_server"),
        row.string("to_server"),
        PairState.ofLabel(row.string("state")),
        row.string("detail"),
        row.string("error"));
  }
}
