package dev.halcyon.pair;

import dev.halcyon.mysql.Session;
import java.time.Duration;
import java.util.Optional;

/**
 * A row for each server that says when it last was active. It is replicated, so its age on the
 * other server is the lag; the servers' own figures are not trusted. Both times are the source's.
 */
final class Heartbeat {
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS halcyon_heartbeat (
        server_id BIGINT NOT NULL,
        beat DATETIME(6) NOT NULL,
        PRIMARY KEY (server_id)
      ) ENGINE=InnoDB
      """;

  private final Session source;
  private final long serverId;

  private Heartbeat(Session source, long serverId) {
    this.source = source;
    this.serverId = serverId;
  }

  /** Makes the table where there is none, on the server that applications write to. */
  static Heartbeat of(Session source) {
    if (!exists(source)) {
      source.execute(CREATE);
    }
    long id = source.first("SELECT @@GLOBAL.server_id AS id").orElseThrow().longValue("id");
    return new Heartbeat(source, id);
  }

  void beat() {
    // The literal id: a replica that executed the statement itself would else write its own.
    source.execute(
        "INSERT INTO halcyon_heartbeat VALUES ("
            + serverId
            + ", UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE beat = VALUES(beat)");
  }

  /** How old the newest beat is that the replica has; empty if it has none. */
  Optional<Duration> lag(Session replica) {
    if (!exists(replica)) {
      return Optional.empty();
    }
    return replica
        .first("SELECT beat FROM halcyon_heartbeat WHERE server_id = " + serverId)
        .map(
            row ->
                source
                    .first(
                        "SELECT TIMESTAMPDIFF(MICROSECOND, ?, UTC_TIMESTAMP(6)) AS age",
                        row.string("beat"))
                    .orElseThrow())
        .map(row -> Duration.ofNanos(Math.max(0, row.longValue("age")) * 1000));
  }

  private static boolean exists(Session session) {
    return session
        .first(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name = 'halcyon_heartbeat'")
        .isPresent();
  }
}
