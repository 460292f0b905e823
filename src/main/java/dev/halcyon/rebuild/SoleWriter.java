package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Neighbours;
import dev.halcyon.mysql.ReadOnly;
import dev.halcyon.mysql.ServerIdentity;
import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the server is the only one that takes writes. Where two do, each has rows on their way to
 * the other one at any moment, and those that meet the swap of the tables are missing afterwards in
 * the table that was filled here.
 */
final class SoleWriter {
  private SoleWriter() {}

  /** What the server says of itself: whether it takes writes, and that what arrives is captured. */
  static void check(Session session, CaptureBy by, List<Finding> findings) {
    if (ReadOnly.closed(session)) {
      findings.add(
          Finding.error(
              ErrorCode.READ_ONLY.code(),
              null,
              "The server is read-only: it is not the one that takes writes.",
              "Connect to that one; or, if it is this one: SET GLOBAL read_only = OFF"));
    }
    switch (by) {
      case LOG -> checkLog(session, findings);
      case TRIGGERS -> checkSight(session, findings);
    }
  }

  private static void checkLog(Session session, List<Finding> findings) {
    var logged = logsWhatArrives(session);
    links(session).stream()
        .filter(_ -> !logged)
        .findFirst()
        .ifPresent(
            link ->
                findings.add(
                    Finding.error(
                        ErrorCode.SERVER_SETTING.code(),
                        null,
                        "What arrives from %s is not in this server's log, so a rebuild would lose it: %s=OFF."
                            .formatted(link.source(), variable(session)),
                        "Start the server with %s=ON.".formatted(variable(session)))));
  }

  /** Rows that arrive fire no trigger, and nothing else would tell of them. */
  private static void checkSight(Session session, List<Finding> findings) {
    try {
      var _ = Link.into(session);
    } catch (Fault.Refused hidden) {
      findings.add(
          Finding.error(
              ErrorCode.GRANT_MISSING.code(),
              null,
              "Whether this server follows another one cannot be seen; its rows would fire no trigger.",
              "GRANT "
                  + switch (session.engine()) {
                    case MYSQL -> "REPLICATION CLIENT";
                    case MARIADB -> "REPLICA MONITOR";
                  }
                  + " ON *.* TO the account."));
    }
  }

  /** Whether a server that it follows takes writes, too, as far as one can be asked. */
  static void check(Session session, Neighbours neighbours, CaptureBy by, List<Finding> findings) {
    for (var link : links(session)) {
      var writable = neighbours.writable(link.sourceId());
      if (writable.isEmpty() && by == CaptureBy.TRIGGERS) {
        findings.add(
            Finding.error(
                ErrorCode.TWO_WRITERS.code(),
                null,
                "Whether %s takes writes could not be asked; rows that arrive from it fire no trigger."
                    .formatted(link.source()),
                "Name it as replica, so that it can be asked; or use --capture=log"));
      }
      if (writable.orElse(false)) {
        findings.add(
            Finding.error(
                ErrorCode.TWO_WRITERS.code(),
                null,
                "Two servers take writes: %s, and %s (server_id %d), whose changes arrive here."
                    .formatted(ServerIdentity.of(session).text(), link.source(), link.sourceId()),
                "Lead all writes to one of them, and on %s: SET GLOBAL read_only = ON"
                    .formatted(link.source())));
      }
    }
  }

  /**
   * What nobody could say.
   *
   * @return a sentence, or empty
   */
  static String unknown(Session session, Neighbours neighbours) {
    try {
      var silent =
          Link.into(session).stream()
              .filter(link -> neighbours.writable(link.sourceId()).isEmpty())
              .map(Link::source)
              .collect(Collectors.joining(", "));
      return silent.isEmpty()
          ? ""
          : "Whether %s, whose changes arrive here, takes writes too could not be asked: name it as replica. Writes of both would end the rebuild."
              .formatted(silent);
    } catch (Fault.Refused hidden) {
      return "Whether this server follows another one cannot be seen by the account: GRANT REPLICA MONITOR."
          + " Writes of both would end the rebuild.";
    }
  }

  private static List<Link> links(Session session) {
    try {
      return Link.into(session);
    } catch (Fault.Refused hidden) {
      // MariaDB without REPLICA MONITOR; it is said before the rebuild begins.
      return List.of();
    }
  }

  private static boolean logsWhatArrives(Session session) {
    return session
        .first("SHOW GLOBAL VARIABLES LIKE '" + variable(session) + "'")
        .filter(row -> row.string(2).equals("ON"))
        .isPresent();
  }

  /** MySQL renamed it in 8.0.26. */
  private static String variable(Session session) {
    return session
            .first("SHOW GLOBAL VARIABLES WHERE Variable_name = 'log_replica_updates'")
            .isPresent()
        ? "log_replica_updates"
        : "log_slave_updates";
  }
}
