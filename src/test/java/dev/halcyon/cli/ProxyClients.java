package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of a proxy that write to table {@code t (id)} without a pause: some on one connection,
 * some on a new one for each row. They count what was acknowledged.
 */
final class ProxyClients implements AutoCloseable {
  private static final int EACH = 4;
  private static final long PATIENCE_SECONDS = 30;

  /** Of a client that was refused, before it comes again. */
  private static final long PAUSE_NANOS = 10_000_000;

  private static final String INSERT = "INSERT INTO t VALUES ()";

  private final RunningProxy.Ports ports;
  private final Database database;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong arrived = new AtomicLong();
  private final ConcurrentLinkedQueue<SQLException> errors = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<SQLException> stayersErrors = new ConcurrentLinkedQueue<>();
  private final List<Thread> staying = new ArrayList<>();
  private final List<Thread> coming = new ArrayList<>();
  private volatile boolean stayersStopped;
  private volatile boolean stopped;

  ProxyClients(RunningProxy.Ports ports, Database database) throws SQLException {
    this.ports = ports;
    this.database = database;
    database.execute("CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY)");
    for (int i = 0; i < EACH; i++) {
      var connection = ports.connect(database);
      staying.add(Thread.ofPlatform().name("stays-" + i).start(() -> stay(connection)));
      coming.add(Thread.ofPlatform().name("comes-" + i).start(this::come));
    }
  }

  List<SQLException> errors() {
    return List.copyOf(errors);
  }

  /** Each of those on one connection ends with its first error. */
  List<SQLException> stayersErrors() {
    return List.copyOf(stayersErrors);
  }

  long acknowledged() {
    return acknowledged.get();
  }

  /** Waits until more rows were written, and more clients have come. */
  void awaitProgress() throws InterruptedException {
    long rows = acknowledged.get() + 20;
    long clients = arrived.get() + 5;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (acknowledged.get() < rows || arrived.get() < clients) {
      assertThat(errors).isEmpty();
      assertThat(System.nanoTime()).as("clients stand still").isLessThan(end);
      Thread.sleep(5);
    }
  }

  /** The clients on one connection go. */
  void stopStayers() throws InterruptedException {
    stayersStopped = true;
    join(staying);
  }

  /** Waits until each of them has met an error. */
  void awaitStayersEnd() throws InterruptedException {
    join(staying);
  }

  void stopComers() throws InterruptedException {
    stopped = true;
    join(coming);
  }

  void stop() throws InterruptedException {
    stopStayers();
    stopComers();
  }

  @Override
  public void close() {
    stayersStopped = true;
    stopped = true;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (var thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  private void stay(Connection connection) {
    try (connection;
        var statement = connection.createStatement()) {
      while (!stayersStopped) {
        statement.execute(INSERT);
        acknowledged.incrementAndGet();
      }
    } catch (SQLException failure) {
      errors.add(failure);
      stayersErrors.add(failure);
    }
  }

  private void come() {
    while (!stopped) {
      try (var connection = ports.connect(database);
          var statement = connection.createStatement()) {
        statement.execute(INSERT);
        acknowledged.incrementAndGet();
        arrived.incrementAndGet();
      } catch (SQLException failure) {
        errors.add(failure);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
