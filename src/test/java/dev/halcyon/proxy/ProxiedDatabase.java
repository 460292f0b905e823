package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.Traffic.Status;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.Secret;
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
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final Database database;
  final Proxy proxy;

  /** What happens when a lease ends. */
  volatile Supplier<Decision> leaseEnd = () -> Decision.KEEP_HOLDING;

  /**
   * @param accounts that may log in beside the database's own
   */
  ProxiedDatabase(Database database, Account... accounts) {
    this.database = database;
    Map<String, Secret> secrets = new HashMap<>();
    secrets.put(database.user(), Secret.of(database.password()));
    for (var account : accounts) {
      secrets.put(account.user(), Secret.of(account.password()));
    }
    var loopback = InetAddress.getLoopbackAddress();
    this.proxy =
        Proxy.start(
            new ProxySettings(
                new InetSocketAddress(loopback, 0),
                Map.of("a", new InetSocketAddress(loopback, database.server().port())),
                "a",
                new Accounts(secrets)),
            _ -> leaseEnd.get());
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
        "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable&socketTimeout=60000%s"
            .formatted(proxy.address().getPort(), database.schema(), options),
        account.user(),
        account.password());
  }

  @Override
  public void close() {
    proxy.close();
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

  /** Waits until all sessions are at a boundary. */
  void awaitBoundary() throws InterruptedException {
    await(status -> status.stragglers().isEmpty());
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
