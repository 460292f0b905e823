package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.pair.FenceWatch;
import dev.halcyon.pair.PairSettings;
import dev.halcyon.pair.Switchover;
import dev.halcyon.pair.traffic.Returners;
import dev.halcyon.progress.Events;
import dev.halcyon.proxy.Ledger;
import dev.halcyon.proxy.ObservedTraffic;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Status;
import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.RemoteTraffic;
import dev.halcyon.testing.ServerPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** A pair with proxy and controller as processes of their own, and clients at work. */
final class PairProcesses implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final ServerPair servers;
  private final RunningProxy.Ports ports;
  private final Returners clients;
  private final FenceWatch watch;
  private RunningProxy proxy;

  private PairProcesses(Path folder, ServerPair servers) throws IOException, InterruptedException {
    this.folder = folder;
    this.servers = servers;
    this.ports = settle();
    Ledger.create(servers);
    servers.execute(
        "a",
        "CREATE TABLE ledger.slow (id INT PRIMARY KEY, n INT)",
        "INSERT INTO ledger.slow VALUES (1, 0)");
    Returners.createAccount(servers);
    servers.awaitApplied("b", PATIENCE);
    this.proxy = RunningProxy.start(folder);
    this.clients = Returners.start(ports.listen());
    this.watch = FenceWatch.start(servers);
  }

  static PairProcesses start(Engine engine, Path folder) throws IOException, InterruptedException {
    var servers = ServerPair.start(engine, Options.defaults().tls(false));
    try {
      return new PairProcesses(folder, servers);
    } catch (RuntimeException | Error | IOException | InterruptedException failure) {
      servers.close();
      throw failure;
    }
  }

  private RunningProxy.Ports settle() throws IOException {
    var free = RunningProxy.Ports.free();
    var a = servers.server("a");
    Files.writeString(folder.resolve("secret"), a.password() + "\n");
    Files.writeString(folder.resolve("client"), Returners.PASSWORD + "\n");
    Files.writeString(
        folder.resolve("halcyon.toml"),
        """
        user = '%1$s'
        password-file = 'secret'
        [pair]
        longest-lag = '10s'
        catch-up = '20s'
        longest-transaction = '60s'
        [pair.servers]
        a = 'jdbc:mariadb://127.0.0.1:%2$d/ledger'
        b = 'jdbc:mariadb://127.0.0.1:%3$d/ledger'
        [proxy]
        listen = '127.0.0.1:%4$d'
        control = '127.0.0.1:%5$d'
        lease = '%6$ds'
        [proxy.servers]
        a = '127.0.0.1:%2$d'
        b = '127.0.0.1:%3$d'
        [proxy.accounts]
        %1$s = 'secret'
        %7$s = 'client'
        """
            .formatted(
                a.user(),
                a.port(),
                servers.server("b").port(),
                free.listen(),
                free.control(),
                LEASE.toSeconds(),
                Returners.USER));
    return free;
  }

  ServerPair servers() {
    return servers;
  }

  Returners clients() {
    return clients;
  }

  Shell.Result run(String line) {
    return new Shell(folder, Map.of()).run(line);
  }

  Child controller(Map<String, String> environment) throws IOException {
    return Child.start(folder, environment, "pair", "switch");
  }

  void signalProxy(String name) {
    try {
      Child.signal(name, proxy.processId());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interruption);
    }
  }

  void startProxyAgain() throws IOException, InterruptedException {
    proxy.close();
    proxy = RunningProxy.start(folder);
  }

  private ControlClient control() {
    return new ControlClient(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.control()),
        ControlToken.read(folder.resolve("halcyon-proxy.token")));
  }

  Status traffic() {
    try (var control = control()) {
      return new RemoteTraffic(control).status();
    }
  }

  /**
   * A switchover by this process.
   *
   * @param standing runs once, when all clients stand still and nothing is fenced yet
   */
  void switchOver(Runnable standing, IntConsumer journalWrites) throws InterruptedException {
    var todo = new AtomicReference<>(standing);
    try (var control = control()) {
      var observed =
          new ObservedTraffic(
              new RemoteTraffic(control),
              Runnable::run,
              () -> {
                var now = todo.getAndSet(() -> {});
                now.run();
              },
              () -> {});
      var _ =
          new Switchover(
                  servers.pair(Ledger.SCHEMA),
                  observed,
                  new PairSettings(
                      Duration.ofSeconds(10),
                      Duration.ofSeconds(20),
                      Duration.ofSeconds(10),
                      Duration.ofSeconds(5),
                      Immovable.GIVE_UP,
                      LEASE),
                  Events.NONE,
                  journalWrites)
              .next();
    }
  }

  boolean isOpen(String name) {
    return "1"
        .equals(servers.value(name, "SELECT CAST(@@GLOBAL.read_only AS CHAR) IN ('0', 'OFF')"));
  }

  /** {@code none} if neither is open. */
  String active() {
    return Stream.of("a", "b").filter(this::isOpen).findFirst().orElse("none");
  }

  /** Clients are there, and get on. */
  void requireActive(String name) throws InterruptedException {
    assertThat(isOpen(name)).isTrue();
    assertThat(isOpen(ServerPair.other(name))).isFalse();
    await("clients go on at " + name, () -> !traffic().held());
    assertThat(traffic().server()).isEqualTo(name);
    clients.awaitProgress();
  }

  /** Until the journal of a server says so of the last operation. */
  void awaitJournal(String server, String state) throws InterruptedException {
    await(
        "the journal says " + state,
        () ->
            state.equals(
                servers.value(
                    server,
                    "SELECT COALESCE((SELECT state FROM ledger.halcyon_pair"
                        + " ORDER BY operation DESC LIMIT 1), '')")));
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not so: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** No client met with anything but a lost connection, and nothing is lost or there twice. */
  void requireSound() throws InterruptedException {
    clients.stop();
    assertThat(clients.refusals()).isEmpty();
    assertThat(watch.violations()).isEmpty();
    var active = active();
    servers.fence(active);
    servers.awaitApplied(ServerPair.other(active), PATIENCE);
    Ledger.verify(servers, clients.acknowledged(), Map.of());
  }

  @Override
  public void close() {
    watch.close();
    proxy.close();
    clients.close();
    servers.close();
  }
}
