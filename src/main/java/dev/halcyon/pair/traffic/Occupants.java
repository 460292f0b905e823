package dev.halcyon.pair.traffic;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.proxy.Boundary;
import dev.halcyon.proxy.Hindrance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What a server knows of its sessions, by the port from which each is connected. */
record Occupants(Map<Integer, List<Occupant>> byPort) {
  /** The server's list of transactions is up to so much older than it says. */
  static final Duration STALE = Duration.ofMillis(110);

  private static final String SESSIONS =
      """
      SELECT p.id, p.user, p.host, p.db, p.command, p.time AS seconds,
             TIMESTAMPDIFF(SECOND, x.trx_started, NOW()) AS open
        FROM information_schema.processlist p
        LEFT JOIN information_schema.innodb_trx x ON x.trx_mysql_thread_id = p.id
       WHERE p.id <> CONNECTION_ID() AND p.host LIKE '%:%'
      """;

  /**
   * @param boundary never reached: of one that is idle nobody knows for how long
   */
  record Occupant(long id, String user, String schema, Boundary boundary) {}

  /** When nothing is known of anybody. */
  static final Occupants UNSEEN = new Occupants(Map.of());

  static Occupants of(Session server) {
    return new Occupants(
        server.query(SESSIONS).stream()
            .collect(
                Collectors.groupingBy(
                    Occupants::port,
                    Collectors.mapping(Occupants::occupant, Collectors.toList()))));
  }

  private static int port(Row row) {
    var host = row.string("host");
    var port = host.substring(host.lastIndexOf(':') + 1);
    return port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
  }

  private static Occupant occupant(Row row) {
    return new Occupant(row.longValue("id"), text(row, "user"), text(row, "db"), boundary(row));
  }

  private static Boundary boundary(Row row) {
    boolean idle = text(row, "command").equals("Sleep");
    boolean open = !row.isNull("open");
    var hindrance = !idle ? Hindrance.COMMAND : open ? Hindrance.TRANSACTION : Hindrance.UNHELD;
    return new Boundary(
        Set.of(hindrance),
        idle || row.isNull("seconds")
            ? Duration.ZERO
            : Duration.ofSeconds(row.longValue("seconds")),
        open ? Duration.ofSeconds(Math.max(0, row.longValue("open"))) : Duration.ZERO);
  }

  private static String text(Row row, String name) {
    return Objects.requireNonNullElse(row.stringOrNull(name), "");
  }

  /** The session that comes from that port; one that is not known, or not alone, is at work. */
  Occupant at(int port) {
    var all = byPort.getOrDefault(port, List.of());
    return all.size() == 1 ? all.getFirst() : BUSY;
  }

  private static final Occupant BUSY =
      new Occupant(
          0, "", "", new Boundary(Set.of(Hindrance.COMMAND), Duration.ZERO, Duration.ZERO));
}
