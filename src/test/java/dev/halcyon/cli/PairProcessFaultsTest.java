package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proxy, or the controller, is killed or frozen in the middle of a switchover. */
@Tag("chaos")
class PairProcessFaultsTest {
  /** The writes of the journal up to the point of no return. */
  private static final int COMMITTED = 5;

  @TempDir private Path folder;

  @EngineTest
  @Timeout(300)
  void theProxyDiesOrIsFrozen(Engine engine) throws Exception {
    try (var pair = PairProcesses.start(engine, folder)) {
      assertUndone(pair, () -> pair.signalProxy("KILL"));
      pair.startProxyAgain();
      pair.requireActive("a");

      var before = pair.clients().losses();
      assertUndone(pair, () -> pair.signalProxy("STOP"));
      pair.signalProxy("CONT");
      pair.requireActive("a");

      pair.switchOver(() -> {}, count -> at(count, () -> pair.signalProxy("STOP")));
      pair.signalProxy("CONT");
      pair.requireActive("b");
      assertThat(pair.clients().losses()).as("who only waited").isEqualTo(before);

      pair.switchOver(() -> {}, count -> at(count, () -> pair.signalProxy("KILL")));
      pair.startProxyAgain();
      pair.requireActive("a");
      pair.requireSound();
    }
  }

  private static void at(int count, Runnable fault) {
    if (count == COMMITTED) {
      fault.run();
    }
  }

  private static void assertUndone(PairProcesses pair, Runnable fault) {
    assertThatThrownBy(() -> pair.switchOver(fault, _ -> {}))
        .isInstanceOfAny(Failure.class, Refusal.class);
    assertThat(pair.active()).isEqualTo("a");
  }

  @EngineTest
  @Timeout(300)
  void theControllerDiesOrIsFrozen(Engine engine) throws Exception {
    try (var pair = PairProcesses.start(engine, folder)) {
      diesWhileClientsAreGathered(pair);
      diesWhileTheOtherServerCatchesUp(pair);
      isFrozenWhileTheOtherServerCatchesUp(pair);
      diesPastThePointOfNoReturn(pair);
      assertThat(pair.clients().losses()).containsOnly(0);
      pair.requireSound();
    }
  }

  /** Without another controller the proxy lets clients go on. */
  private static void diesWhileClientsAreGathered(PairProcesses pair) throws Exception {
    try (var open = pair.clients().open();
        var statement = open.createStatement()) {
      begin(open);
      try (var controller = pair.controller(Map.of())) {
        PairProcesses.await("clients are held", () -> pair.traffic().held());
        controller.signal("KILL");
        pair.requireActive("a");
      }
      statement.execute("COMMIT");
    }
    assertThat(pair.run("halcyon pair switch").status()).isZero();
    pair.requireActive("b");
    assertThat(pair.run("halcyon pair switch --back").status()).isZero();
    pair.requireActive("a");
  }

  /** One that is fenced stays so; the next one looks, and undoes it. */
  private static void diesWhileTheOtherServerCatchesUp(PairProcesses pair) throws Exception {
    try (var _ = blocked(pair, "b");
        var controller = pair.controller(Map.of())) {
      fencedAndCatchingUp(pair);
      controller.signal("KILL");
      PairProcesses.await("the lease is over", () -> pair.traffic().leaseOver());
      assertThat(pair.active()).isEqualTo("none");
      assertThat(pair.traffic().held()).isTrue();

      var aborted = pair.run("halcyon pair abort");
      assertThat(aborted.out()).as(aborted.err()).contains("was undone; a is the active server");
      pair.requireActive("a");
    }
  }

  /** When it goes on it finds that its hold has ended. */
  private static void isFrozenWhileTheOtherServerCatchesUp(PairProcesses pair) throws Exception {
    try (var _ = blocked(pair, "b");
        var controller = pair.controller(Map.of())) {
      fencedAndCatchingUp(pair);
      controller.signal("STOP");
      PairProcesses.await("the lease is over", () -> pair.traffic().leaseOver());
      assertThat(pair.run("halcyon pair abort").status()).as("the lock is its").isEqualTo(4);
      controller.signal("CONT");
      assertThat(controller.awaitEnd()).as(controller.text()).isNotZero();
      pair.requireActive("a");
    }
  }

  private static void diesPastThePointOfNoReturn(PairProcesses pair) throws Exception {
    try (var controller =
        pair.controller(Map.of("HALCYON_HALT_AFTER_WRITES", Integer.toString(COMMITTED)))) {
      assertThat(controller.awaitEnd()).as(controller.text()).isNotZero();
      assertThat(pair.active()).isEqualTo("none");
      var ended = pair.run("halcyon pair abort");
      assertThat(ended.out()).as(ended.err()).contains("b is the active server");
      pair.requireActive("b");
    }
  }

  /** A table of the passive server is locked there until the end, so its applier waits for it. */
  private static Connection blocked(PairProcesses pair, String name) throws SQLException {
    var server = pair.servers().server(name);
    var blocker = Database.connect(server, "ledger", server.user(), server.password());
    try (var statement = blocker.createStatement()) {
      statement.execute("LOCK TABLES slow READ");
    }
    return blocker;
  }

  /** A transaction that ends once clients are held is what the other server cannot apply. */
  private static void fencedAndCatchingUp(PairProcesses pair) throws Exception {
    var active = pair.active();
    try (var open = pair.clients().open();
        var statement = open.createStatement()) {
      begin(open);
      PairProcesses.await("clients are held", () -> pair.traffic().held());
      statement.execute("COMMIT");
      PairProcesses.await(active + " is fenced", () -> !pair.isOpen(active));
    }
    assertThat(pair.isOpen(ServerPair.other(active))).isFalse();
  }

  private static void begin(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("UPDATE slow SET n = n + 1 WHERE id = 1");
    }
  }
}
