package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.history.ListClients;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Patience;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Events;
import dev.halcyon.proxy.Ledger;
import dev.halcyon.proxy.ObservedTraffic;
import dev.halcyon.proxy.ProxiedPair;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.lease.SafeRelease;
import dev.halcyon.proxy.lease.ServerSights;
import dev.halcyon.testing.ServerPair;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Two servers, the proxy before them, clients at work, and a watch over both fences. */
final class Stage implements AutoCloseable {
  static final PairSettings PATIENT =
      new PairSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Immovable.GIVE_UP,
          Duration.ofMinutes(1));

  /** As {@link #PATIENT}, but the passive server has only two seconds to catch up. */
  static final PairSettings QUICK =
      new PairSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Immovable.GIVE_UP,
          Duration.ofMinutes(1));

  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ServerPair servers;
  private final ProxiedPair proxied;
  private final Writers writers;
  private final ListClients lists;
  private final FenceWatch watch;

  private Stage(ServerPair servers) {
    this.servers = servers;
    Ledger.create(servers);
    ListClients.createTable(servers, Ledger.SCHEMA);
    var sights = new LinkedHashMap<String, ConnectionSettings>();
    servers
        .pair("information_schema")
        .members()
        .forEach(member -> sights.put(member.name(), member.settings()));
    this.proxied =
        ProxiedPair.start(
            servers, new SafeRelease(new ServerSights(sights, LOOK), Duration.ofMinutes(5)));
    this.writers = Writers.start(proxied);
    this.lists =
        ListClients.start(
            () -> proxied.open("mariadb", ""), ThreadLocalRandom.current().nextLong());
    this.watch = FenceWatch.start(servers);
  }

  static Stage start(Engine engine) {
    return of(ServerPair.start(engine, Options.defaults().tls(false)));
  }

  /** As {@link #start}, on MySQL without global transaction ids. */
  static Stage startByOffset() {
    return of(ServerPair.startByOffset(Options.defaults().tls(false)));
  }

  /** As {@link #start}, with servers that come back fenced after they have died. */
  static Stage startFenced(Engine engine) {
    return of(ServerPair.startFenced(engine, Options.defaults().tls(false)));
  }

  private static Stage of(ServerPair servers) {
    try {
      return new Stage(servers);
    } catch (RuntimeException | Error failure) {
      servers.close();
      throw failure;
    }
  }

  ServerPair servers() {
    return servers;
  }

  Traffic traffic() {
    return proxied.proxy();
  }

  ProxiedPair proxied() {
    return proxied;
  }

  Writers writers() {
    return writers;
  }

  Switchover switchover(PairSettings settings, IntConsumer journalWrites) {
    return new Switchover(
        servers.pair(Ledger.SCHEMA), traffic(), settings, Events.NONE, journalWrites);
  }

  /**
   * @param standing runs once, when all clients stand still and nothing is fenced yet
   */
  Switchover switchover(PairSettings settings, Runnable standing) {
    var todo = new AtomicReference<>(standing);
    var observed =
        new ObservedTraffic(
            traffic(),
            Runnable::run,
            () -> {
              var now = todo.getAndSet(() -> {});
              now.run();
            },
            () -> {});
    return new Switchover(servers.pair(Ledger.SCHEMA), observed, settings, Events.NONE, _ -> {});
  }

  Switchover switchover() {
    return switchover(PATIENT, _ -> {});
  }

  Expansion expansion(Expansion.Order order, IntConsumer journalWrites) {
    return expansion(order, Mode.UNLOGGED, journalWrites);
  }

  Expansion expansion(Expansion.Order order, Mode mode, IntConsumer journalWrites) {
    return new Expansion(
        servers.pair(Ledger.SCHEMA),
        order,
        (_, _) -> mode,
        Patience.defaults(),
        Events.NONE,
        journalWrites);
  }

  /** On a fenced server alone. */
  void unlogged(String server, String... statements) {
    servers.execute(server, "SET sql_log_bin = 0");
    if (servers.server(server).engine() == Engine.MYSQL) {
      servers.execute(server, "SET GLOBAL super_read_only = 0");
    }
    servers.execute(server, statements);
    servers.execute(server, "SET sql_log_bin = 1");
    servers.fence(server);
  }

  /** The one that applications may write to; {@code none} if none is known to be. */
  String active() {
    return Stream.of("a", "b")
        .filter(name -> servers.server(name).alive() && isOpen(name))
        .findFirst()
        .orElse("none");
  }

  /** Until each server follows the other again. */
  void awaitLinks() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (var member : servers.pair(Ledger.SCHEMA).members()) {
      try (var session = member.open("test")) {
        while (!Link.into(session).stream().allMatch(Link::running)) {
          assertThat(System.nanoTime()).as("%s", Link.into(session)).isLessThan(end);
          TimeUnit.MILLISECONDS.sleep(20);
        }
      }
    }
  }

  /** A new client writes and reads. */
  void requireClientsGetIn() throws SQLException {
    try (var connection = proxied.open("mariadb", "");
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO list VALUES (-1, '0')");
      statement.execute("DELETE FROM list WHERE number = -1");
    }
  }

  private boolean isOpen(String name) {
    return "1"
        .equals(servers.value(name, "SELECT CAST(@@GLOBAL.read_only AS CHAR) IN ('0', 'OFF')"));
  }

  /** Exactly one server is open, clients are there and are not held. */
  void requireActive(String name) {
    assertThat(isOpen(name)).isTrue();
    assertThat(isOpen(ServerPair.other(name))).isFalse();
    assertThat(traffic().status().server()).isEqualTo(name);
    assertThat(traffic().status().held()).isFalse();
  }

  /**
   * No client has met with an error, nothing is lost, all transactions could have been one after
   * the other, and never were both servers writable.
   */
  void requireUndisturbed() throws InterruptedException {
    writers.stop();
    lists.stop();
    assertThat(writers.errors()).isEmpty();
    assertThat(lists.errors()).isEmpty();
    requireNothingLost();
  }

  /** As {@link #requireUndisturbed}, but clients may have lost their connections with a server. */
  void requireNothingLost() throws InterruptedException {
    writers.stop();
    lists.stop();
    assertThat(Stream.concat(writers.errors().stream(), lists.errors().stream()))
        .allSatisfy(
            error ->
                assertThat(error)
                    .isInstanceOfSatisfying(
                        SQLException.class,
                        lost -> assertThat(lost.getSQLState()).startsWith("08")));
    assertThat(watch.violations()).isEmpty();
    var active = active();
    servers.fence(active);
    servers.awaitApplied(ServerPair.other(active), PATIENCE);
    Ledger.verify(servers, writers.acknowledged(), Map.of());
    lists.requireSound(servers, Ledger.SCHEMA);
  }

  @Override
  public void close() {
    watch.close();
    writers.close();
    lists.close();
    try {
      proxied.close();
    } finally {
      servers.close();
    }
  }
}
