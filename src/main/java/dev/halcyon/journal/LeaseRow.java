package dev.halcyon.journal;

import dev.halcyon.mysql.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * The one row of {@code halcyon_lease}.
 *
 * @param token grows by one with every acquisition; who has not the newest one has no lease
 * @param revision changes with every sign of life
 * @param age since the last sign of life, by the server's clock
 */
record LeaseRow(
    long token,
    boolean held,
    Holder holder,
    Set<ServerConnection> connections,
    Instant acquiredAt,
    Duration age,
    long revision) {

  private static final String SELECT =
      "SELECT token, held, host, process, holder, command, connections, acquired_at, revision,"
          + " TIMESTAMPDIFF(MICROSECOND, heartbeat_at, UTC_TIMESTAMP(6)) AS age"
          + " FROM halcyon_lease WHERE id = 1";

  static LeaseRow read(Session session) {
    return read(session, "");
  }

  /** Locks the row until the end of the transaction. */
  static LeaseRow readLocked(Session session) {
    return read(session, " FOR UPDATE");
  }

  private static LeaseRow read(Session session, String lock) {
    var row =
        session
            .first(SELECT + lock)
            .orElseThrow(() -> new IllegalStateException("halcyon_lease has lost its row"));
    var held = row.isTrue("held");
    return new LeaseRow(
        row.longValue("token"),
        held,
        new Holder(
            held ? row.string("host") : "nobody",
            row.longValue("process"),
            row.string("holder"),
            held ? row.string("command") : "nothing"),
        ServerConnection.parse(row.string("connections")),
        Times.instant(row.string("acquired_at")),
        Duration.of(row.longValue("age"), ChronoUnit.MICROS),
        row.longValue("revision"));
  }

  /** Who holds it and since when, for the refusal of another run. */
  String words() {
    return "%s, since %s (last sign of life %d ms ago)"
        .formatted(holder, acquiredAt.truncatedTo(ChronoUnit.SECONDS), age.toMillis());
  }
}
