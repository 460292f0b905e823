package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import java.util.Objects;

/**
 * Which server this is, whatever address has led to it. Positions in its binary log are its own.
 *
 * @param id {@code server_id}; the number that the events of its own transactions have in every log
 * @param uuid MySQL's {@code server_uuid}; empty on MariaDB, which has none
 * @param host as the server calls its machine
 */
public record ServerIdentity(long id, String uuid, String host, int port) {

  public static ServerIdentity of(Session session) {
    var row =
        session
            .first(
                "SELECT @@GLOBAL.server_id AS id, @@GLOBAL.hostname AS host, @@GLOBAL.port AS port, "
                    + (session.engine() == Engine.MYSQL ? "@@GLOBAL.server_uuid" : "''")
                    + " AS uuid")
            .orElseThrow();
    return new ServerIdentity(
        row.longValue("id"),
        Objects.requireNonNullElse(row.stringOrNull("uuid"), ""),
        Objects.requireNonNullElse(row.stringOrNull("host"), ""),
        Math.toIntExact(row.longValue("port")));
  }

  /** By the id that no two servers share; the nodes of a Galera cluster may share server_id. */
  public boolean same(ServerIdentity other) {
    return uuid.isEmpty() ? equals(other) : uuid.equals(other.uuid);
  }

  /** For people. */
  public String text() {
    return "%s:%d (server_id %d%s)".formatted(host, port, id, uuid.isEmpty() ? "" : ", " + uuid);
  }
}
