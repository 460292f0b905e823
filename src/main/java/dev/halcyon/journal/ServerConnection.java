package dev.halcyon.journal;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Session;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One connection, named so that it can be killed days later without hitting another one: numbers of
 * connections begin anew when a server starts, so the start belongs to the name.
 *
 * @param server host name and port as the server itself knows them
 * @param started when that server process started, in seconds of its own clock since 1970
 * @param id the server's number of the connection
 */
public record ServerConnection(String server, long started, long id) {
  private static final long CLOCK_GRAIN_SECONDS = 1;

  public ServerConnection {
    if (server.isBlank() || server.contains("/") || server.contains(" ")) {
      throw new IllegalArgumentException("not the name of a server: " + server);
    }
  }

  /** The connection of this session. */
  public static ServerConnection of(Session session) {
    var statusTable =
        session.engine() == Engine.MARIADB
            ? "information_schema.global_status"
            : "performance_schema.global_status";
    var row =
        session
            .first(
                "SELECT CONCAT(@@hostname, ':', @@port) AS server,"
                    + " CAST(UNIX_TIMESTAMP() - variable_value AS SIGNED) AS started FROM "
                    + statusTable
                    + " WHERE variable_name = 'Uptime'")
            .orElseThrow(() -> new IllegalStateException("the server does not tell its uptime"));
    var name = row.string("server").replaceAll("[/\\s]", "_");
    return new ServerConnection(name, row.longValue("started"), session.connectionId());
  }

  /** Whether both are connections of one server process. */
  public boolean sameProcess(ServerConnection other) {
    return server.equals(other.server) && Math.abs(started - other.started) <= CLOCK_GRAIN_SECONDS;
  }

  static String print(Collection<ServerConnection> connections) {
    return connections.stream()
        .map(c -> c.server + "/" + c.started + "/" + c.id)
        .collect(Collectors.joining(" "));
  }

  static Set<ServerConnection> parse(String text) {
    return Arrays.stream(text.split(" "))
        .filter(part -> !part.isBlank())
        .map(part -> part.split("/", -1))
        .map(
            part -> new ServerConnection(part[0], Long.parseLong(part[1]), Long.parseLong(part[2])))
        .collect(Collectors.toUnmodifiableSet());
  }
}
