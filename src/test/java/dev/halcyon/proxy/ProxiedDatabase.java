package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.Traffic.Status;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A proxy before a test's database. */
final class ProxiedDatabase implements AutoCloseable {
  /** So that clients in a row are on different ones. */
  private static final int THREADS = 2;

  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final Database database;
  final Proxy proxy;

  /** What happens when a lease ends. */
  volatile Supplier<Decision> leaseEnd = () -> Decision.KEEP_HOLDING;

  /**
   * Without TLS.
   *
   * @param accounts that may log in beside the database's own
   */
  ProxiedDatabase(Database database, Account... accounts) {
    this(database, TlsSettings.NONE, known(database, accounts));
  }

  ProxiedDatabase(Database database, TlsSettings tls, Accounts accounts) {
    this(database, InetAddress.getLoopbackAddress(), tls, accounts);
  }

  ProxiedDatabase(Database database, InetAddress host, TlsSettings tls, Accounts accounts) {
    this(database, host, database.server().port(), tls, accounts);
  }

  /**
   * @param host of the database's server
   * @param other the port of server b, which may be server a once more
   */
  ProxiedDatabase(
      Database database, InetAddress host, int other, TlsSettings tls, Accounts accounts) {
    this.database = database;
    this.proxy =
        Proxy.start(
            new ProxySettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Map.of(
                    "a", new InetSocketAddress(host, database.server().port()),
                    "b", new InetSocketAddress(host, other)),
                "a",
                accounts,
                tls,
                true,
                THREADS),
            _ -> leaseEnd.get());
  }

  /**
   * Something stands between the proxy and the database.
   *
   * @param port of that
   */
  static ProxiedDatabase behind(Database database, int port) throws InterruptedException {
    var loopback = InetAddress.getLoopbackAddress();
    var proxied = new ProxiedDatabase(database, loopback, port, TlsSettings.NONE, known(database));
    proxied.move();
    return proxied;
  }

  /** The database's own account and these. */
  static Accounts known(Database database, Account... accounts) {
    Map<String, Secret> secrets = new HashMap<>();
    secrets.put(database.user(), Secret.of(database.password()));
    for (var account : accounts) {
      secrets.put(account.user(), Secret.of(account.password()));
    }
    return new Accounts(secrets);
  }

  /**
   * A driver's connection through the proxy.
   *
   * @param options as in a url, each with its leading ampersand
   */
  Connection connect(String options) throws SQLException {
    return connect(new Account(database.user(), database.password()), options);
  }

  Connection connect(Account account, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/%s?socketTimeout=60000%s%s"
            .formatted(
                proxy.address().getPort(),
                database.schema(),
                options.contains("sslMode") ? "" : "&sslMode=disable",
                options),
        account.user(),
        account.password());
  }

  /** Holds, moves everybody to the other server and releases. */
  Moves move() throws InterruptedException {
    proxy.hold(LEASE);
    assertThat(proxy.awaitDrained(PATIENCE)).as(proxy.status().toString()).isTrue();
    var target = proxy.status().server().equals("a") ? "b" : "a";
    var moves = proxy.repoint(target, Immovable.GIVE_UP, PATIENCE);
    proxy.release();
    return moves;
  }

  @Override
  public void close() {
    proxy.close();
  }

  /** Leads everybody to the server of that name, or fails. */
  void lead(String server) throws InterruptedException {
    proxy.prepare(server, PATIENCE);
    proxy.hold(Duration.ofMinutes(1));
    assertThat(proxy.awaitDrained(PATIENCE)).as("%s", proxy.status()).isTrue();
    var moves = proxy.repoint(server, Immovable.GIVE_UP, PATIENCE);
    assertThat(moves.complete()).as(moves.toString()).isTrue();
    proxy.release();
  }

  /** Waits until so many sessions have a command that waits. */
  void awaitParked(int sessions) throws InterruptedException {
    await(status -> status.sessions().stream().filter(SessionStatus::parked).count() == sessions);
  }

  /** Waits until so many new sessions wait to be let in. */
  void awaitWaiting(int sessions) throws InterruptedException {
    await(status -> status.waiting() == sessions);
  }

  /** Waits until so many sessions are open. */
  void awaitSessions(int sessions) throws InterruptedException {
    await(status -> status.sessions().size() == sessions);
  }

  /** Waits until the server works on so many commands. */
  void awaitUnderWay(int sessions) throws InterruptedException {
    await(
        status ->
            status.stragglers().stream()
                    .filter(one -> one.boundary().hindrances().contains(Hindrance.COMMAND))
                    .count()
                == sessions);
  }

  /** Holds once the rule, which is being asked now, has decided to keep holding. */
  void awaitTakenOver(Duration lease) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        proxy.hold(lease);
        return;
      } catch (IllegalStateException deciding) {
        assertThat(System.nanoTime()).as(deciding.toString()).isLessThan(end);
        Thread.sleep(1);
      }
    }
  }

  /** Waits until clients are held. */
  void awaitHeld() throws InterruptedException {
    await(Status::held);
  }

  /** Waits until nobody is held. */
  void awaitReleased() throws InterruptedException {
    await(status -> !status.held());
  }

  /** Waits until all sessions are at a boundary. */
  void awaitBoundary() throws InterruptedException {
    await(status -> status.stragglers().isEmpty());
  }

  /** Waits until there is one session that is not at a boundary, for this reason among others. */
  void awaitBound(Hindrance hindrance) throws InterruptedException {
    await(
        status ->
            status.stragglers().size() == 1
                && status.stragglers().getFirst().boundary().hindrances().contains(hindrance));
  }

  /** Waits until there is one session that is not at a boundary, for these reasons. */
  void awaitStraggler(Set<Hindrance> hindrances) throws InterruptedException {
    await(
        status ->
            status.stragglers().size() == 1
                && status.stragglers().getFirst().boundary().hindrances().equals(hindrances));
  }

  private void await(Predicate<Status> condition) throws InterruptedException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    var status = proxy.status();
    while (!condition.test(status)) {
      assertThat(System.nanoTime()).as(status.toString()).isLessThan(end);
      Thread.sleep(1);
      status = proxy.status();
    }
  }
}
