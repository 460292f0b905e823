package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Patience;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Events;
import dev.halcyon.proxy.Ledger;
import dev.halcyon.proxy.ProxiedPair;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.lease.SafeRelease;
import dev.halcyon.proxy.lease.ServerSights;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two servers that are both written to, server a in the west and b in the east. Each has a proxy
 * with clients of its own, and an event of its own.
 */
final class WestEast implements AutoCloseable {
  private static final String EVENTS =
      "SELECT COALESCE(GROUP_CONCAT(event_name ORDER BY 1), '') FROM information_schema.events"
          + " WHERE status = 'ENABLED' AND event_schema = 'ledger'";

  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ServerPair servers;
  private final ProxiedPair west;
  private final ProxiedPair east;
  private final List<Writers> writers;

  private WestEast(ServerPair servers) {
    this.servers = servers;
    Ledger.create(servers);
    servers.execute(
        "a",
        "CREATE TABLE ledger.page (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) UNIQUE)");
    var sights = new LinkedHashMap<String, ConnectionSettings>();
    servers
        .pair("information_schema")
        .members()
        .forEach(member -> sights.put(member.name(), member.settings()));
    var leaseEnd = new SafeRelease(new ServerSights(sights, LOOK), Duration.ofMinutes(5));
    this.west = ProxiedPair.start(servers, leaseEnd);
    servers.awaitApplied("b", PATIENCE);
    becomeMasters();
    this.east = ProxiedPair.another(servers, leaseEnd, "b");
    this.writers = List.of(Writers.start(west, 0), Writers.start(east, 1));
  }

  static WestEast start(Engine engine) {
    var servers = ServerPair.start(engine, Options.defaults().tls(false));
    try {
      return new WestEast(servers);
    } catch (RuntimeException | Error failure) {
      servers.close();
      throw failure;
    }
  }

  private void becomeMasters() {
    servers.unfence("b");
    int place = 1;
    for (var name : List.of("a", "b")) {
      servers.execute(
          name,
          "SET GLOBAL event_scheduler = ON",
          "SET GLOBAL auto_increment_increment = 2",
          "SET GLOBAL auto_increment_offset = " + place);
      if (servers.server(name).engine() == Engine.MARIADB) {
        servers.execute(
            name, "SET GLOBAL gtid_domain_id = " + place, "SET SESSION gtid_domain_id = " + place);
      }
      servers.execute(
          name, "CREATE EVENT ledger.of_%s ON SCHEDULE EVERY 1 HOUR DO DO 1".formatted(name));
      place++;
    }
  }

  ServerPair servers() {
    return servers;
  }

  Map<String, Traffic> proxies() {
    var proxies = new LinkedHashMap<String, Traffic>();
    proxies.put("west", west.proxy());
    proxies.put("east", east.proxy());
    return proxies;
  }

  Funnel funnel(IntConsumer journalWrites) {
    return new Funnel(
        servers.pair(Ledger.SCHEMA), proxies(), Stage.PATIENT, Events.NONE, journalWrites);
  }

  Switchover switchover() {
    return new Switchover(
        servers.pair(Ledger.SCHEMA),
        EveryProxy.of(proxies().values()),
        Stage.PATIENT,
        Events.NONE,
        _ -> {});
  }

  Expansion expansion(Expansion.Order order) {
    return new Expansion(
        servers.pair(Ledger.SCHEMA),
        order,
        (_, _) -> Mode.UNLOGGED,
        Patience.defaults(),
        Events.NONE,
        _ -> {});
  }

  /**
   * Where everybody is; nobody is held.
   *
   * @param open the servers that applications may write to
   */
  void require(String westAt, String eastAt, String open, String eventOfA, String eventOfB) {
    assertThat(west.proxy().status().server()).as("west's clients").isEqualTo(westAt);
    assertThat(east.proxy().status().server()).as("east's clients").isEqualTo(eastAt);
    assertThat(west.proxy().status().held() || east.proxy().status().held()).isFalse();
    for (var name : List.of("a", "b")) {
      assertThat(
              servers.value(
                  name, "SELECT CAST(@@GLOBAL.read_only AS CHAR) IN ('0', 'OFF') AS open"))
          .as("%s is open", name)
          .isEqualTo(open.contains(name) ? "1" : "0");
      assertThat(servers.value(name, EVENTS))
          .as("events of %s", name)
          .isEqualTo(
              Stream.of(eventOfA.equals(name) ? "of_a" : "", eventOfB.equals(name) ? "of_b" : "")
                  .filter(event -> !event.isEmpty())
                  .collect(Collectors.joining(",")));
    }
  }

  void requireAtHome() {
    require("a", "b", "ab", "a", "b");
  }

  /** No client has met with an error, and both servers have each acknowledged entry once. */
  void requireUndisturbed() throws InterruptedException {
    var acknowledged = new TreeMap<Integer, Long>();
    for (var group : writers) {
      group.stop();
      assertThat(group.errors()).isEmpty();
      acknowledged.putAll(group.acknowledged());
    }
    servers.awaitApplied("a", PATIENCE);
    servers.awaitApplied("b", PATIENCE);
    Ledger.verify(servers, acknowledged, Map.of());
  }

  @Override
  public void close() {
    writers.forEach(Writers::close);
    try {
      east.close();
      west.close();
    } finally {
      servers.close();
    }
  }
}
