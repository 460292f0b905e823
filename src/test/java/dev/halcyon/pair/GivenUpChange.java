package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Version;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import java.sql.SQLException;
import java.util.List;

/**
 * A change of the passive server that cannot come to its end stands against a switchover; given up,
 * it does not. The pair ends as it began, but for one switchover there and back.
 */
final class GivenUpChange {
  private static final Expansion.Order BREAKS_OFF =
      new Expansion.Order(
          Version.parse("11"),
          "breaks off",
          "",
          List.of(
              "ALTER TABLE entry ADD COLUMN broken INT",
              "ALTER TABLE entry ADD COLUMN broken INT"));

  private final Stage stage;

  GivenUpChange(Stage stage) {
    this.stage = stage;
  }

  void act() throws InterruptedException {
    nothingToGiveUp();
    diedBeforeItsStatement();
    diedWithItsStatementAtWork();
    hasTakenEffectInPart();
    wasMadeAndTakenBack();
  }

  private void nothingToGiveUp() throws InterruptedException {
    assertThat(withdrawal(0).withdraw()).isEmpty();
  }

  private void diedBeforeItsStatement() throws InterruptedException {
    for (int write = 1; write <= 4; write++) {
      dies(write);
      assertThatThrownBy(() -> stage.switchover().next()).hasMessageContaining("not at its end");
      stopReplication();
      if (write > 1) {
        assertThatThrownBy(() -> withdrawal(1).withdraw()).isInstanceOf(Death.class);
      }

      assertThat(withdrawal(0).withdraw().orElseThrow()).contains("given up; b is as it was");
    }
    nothingToGiveUp();
    var _ = stage.switchover().next();
    stage.requireActive("b");
    var _ = stage.switchover().back();
    stage.requireActive("a");
  }

  /** The connection of the controller that died holds the lock and goes on. */
  private void diedWithItsStatementAtWork() throws InterruptedException {
    dies(4);
    var server = stage.servers().server("b");
    try (var orphan = Database.connect(server, "", server.user(), server.password());
        var statement = orphan.createStatement()) {
      var _ = statement.execute("SELECT GET_LOCK('halcyon_pair_change', 0)");

      assertThat(withdrawal(0).withdraw()).isPresent();

      assertThat(orphan.isValid(1)).isFalse();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  private void hasTakenEffectInPart() throws InterruptedException {
    assertThatThrownBy(() -> stage.expansion(BREAKS_OFF, _ -> {}).expand())
        .hasMessageContaining("broken");
    assertThatThrownBy(() -> withdrawal(0).withdraw())
        .hasMessageContaining("a differ in table entry")
        .hasMessageContaining("statement");
    stage.unlogged("b", "ALTER TABLE ledger.entry DROP COLUMN broken");

    assertThat(withdrawal(0).withdraw()).isPresent();
  }

  private void wasMadeAndTakenBack() throws InterruptedException {
    var order =
        new Expansion.Order(
            Version.parse("11"), "", "", List.of("ALTER TABLE entry ADD COLUMN spare INT"));
    var _ = stage.expansion(order, _ -> {}).expand();
    assertThatThrownBy(() -> withdrawal(0).withdraw()).hasMessageContaining("b has V11");
    stage.unlogged("b", "ALTER TABLE ledger.entry DROP COLUMN spare");

    assertThat(withdrawal(0).withdraw().orElseThrow()).contains("was taken back");
  }

  private void dies(int deadline) {
    assertThatThrownBy(
            () -> stage.expansion(BREAKS_OFF, count -> Death.at(count, deadline)).expand())
        .isInstanceOf(Death.class);
  }

  private void stopReplication() {
    stage
        .servers()
        .execute(
            "b",
            stage.servers().server("b").engine() == Engine.MARIADB ? "STOP SLAVE" : "STOP REPLICA");
  }

  private Withdrawal withdrawal(int deadline) {
    return new Withdrawal(
        stage.servers().pair("ledger"), Events.NONE, count -> Death.at(count, deadline));
  }
}
