package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Something breaks when all clients stand still. Before the point of no return that ends with the
 * active server writable and clients at work there as if nothing had been; what cannot be seen is
 * not guessed.
 */
class SwitchFaultsTest {
  @EngineTest
  @Timeout(180)
  void clientsGoOnWhereItIsSafe(Engine engine) throws Exception {
    try (var stage = Stage.start(engine)) {
      linkIsCut(stage);
      replicationStopsWithAnError(stage);
      goesThereAndBack(stage);
      stage.requireUndisturbed();
    }
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(180)
  void frozenServersAreNotGuessedAt(Engine engine) throws Exception {
    try (var stage = Stage.start(engine)) {
      passiveServerIsFrozen(stage);
      activeServerIsFrozen(stage);
      var _ = stage.switchover().next();
      stage.requireActive("b");
      stage.requireUndisturbed();
    }
  }

  private static void linkIsCut(Stage stage) throws InterruptedException {
    var servers = stage.servers();
    try (var relay = Relay.inFrontOf(servers.server("a"))) {
      receiveFrom(servers, relay.port());
      assertUndone(
          () ->
              stage
                  .switchover(
                      Stage.QUICK,
                      () -> {
                        relay.refuseNew();
                        relay.cutAll();
                        servers.execute(
                            "a", "INSERT INTO ledger.entry (client, number) VALUES (77, 1)");
                      })
                  .next(),
          ErrorCode.PAIR_LAG,
          ErrorCode.PAIR_NOT_READY);
      stage.requireActive("a");
    }
    receiveFrom(servers, servers.server("a").port());
    servers.execute("a", "DELETE FROM ledger.entry WHERE client = 77");
    servers.awaitApplied("b", Duration.ofSeconds(20));
  }

  private static void receiveFrom(ServerPair servers, int port) {
    switch (servers.server("b").engine()) {
      case MARIADB ->
          servers.execute(
              "b", "STOP SLAVE", "CHANGE MASTER TO MASTER_PORT = " + port, "START SLAVE");
      case MYSQL ->
          servers.execute(
              "b",
              "STOP REPLICA",
              "CHANGE REPLICATION SOURCE TO SOURCE_PORT = " + port,
              "START REPLICA");
    }
  }

  private static void replicationStopsWithAnError(Stage stage) {
    var servers = stage.servers();
    servers.execute("a", "CREATE TABLE ledger.clash (id INT PRIMARY KEY)");
    servers.awaitApplied("b", Duration.ofSeconds(20));
    assertUndone(
        () ->
            stage
                .switchover(
                    Stage.QUICK,
                    () -> {
                      stage.unlogged("b", "INSERT INTO ledger.clash VALUES (1)");
                      servers.execute("a", "INSERT INTO ledger.clash VALUES (1)");
                    })
                .next(),
        ErrorCode.PAIR_LAG,
        ErrorCode.PAIR_NOT_READY);
    stage.requireActive("a");

    assertThatThrownBy(() -> stage.switchover().next()).hasMessageContaining("1062");
    stage.requireActive("a");
    stage.unlogged("b", "DELETE FROM ledger.clash");
    switch (servers.server("b").engine()) {
      case MARIADB -> servers.execute("b", "START SLAVE");
      case MYSQL -> servers.execute("b", "START REPLICA");
    }
  }

  private static void passiveServerIsFrozen(Stage stage) {
    var b = stage.servers().server("b");
    assertThatThrownBy(() -> stage.switchover(Stage.QUICK, b::freeze).next())
        .isInstanceOfAny(Failure.class, Refusal.class);
    b.thaw();
    stage.requireActive("a");
    stage.servers().awaitApplied("b", Duration.ofSeconds(60));
  }

  /** Nobody knows what it has done last, so clients wait; afterwards the same command looks. */
  private static void activeServerIsFrozen(Stage stage) throws InterruptedException {
    var a = stage.servers().server("a");
    assertThatThrownBy(() -> stage.switchover(Stage.PATIENT, a::freeze).next())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PAIR_UNCERTAIN));
    assertThat(stage.traffic().status().held()).isTrue();
    a.thaw();
    assertThat(stage.switchover().settle().orElse("")).contains("was undone");
    stage.requireActive("a");
  }

  private static void goesThereAndBack(Stage stage) throws InterruptedException {
    assertThatThrownBy(() -> stage.switchover().back()).hasMessageContaining("no switchover");
    var _ = stage.switchover().next();
    stage.requireActive("b");
    var _ = stage.switchover().back();
    stage.requireActive("a");
    assertThat(stage.switchover().settle()).isEmpty();
  }

  /** For one of these reasons. */
  private static void assertUndone(ThrowingCallable switchover, ErrorCode... reasons) {
    assertThatThrownBy(switchover)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal ->
                assertThat(Stream.of(reasons).map(ErrorCode::code))
                    .contains(refusal.findings().getFirst().code()));
  }
}
