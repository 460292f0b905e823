package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.EngineTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** A server dies in the middle of a switchover, as by the kernel, and comes back fenced. */
@Tag("chaos")
class KilledServersTest {
  /** The writes of the journal up to the point of no return. */
  private static final int COMMITTED = 5;

  /** Nobody was there yet, so nobody notices. */
  @EngineTest
  @Timeout(180)
  void withoutThePassiveServerItIsUndone(Engine engine) throws Exception {
    try (var stage = Stage.startFenced(engine)) {
      var b = stage.servers().server("b");
      assertThatThrownBy(() -> stage.switchover(Stage.QUICK, b::kill).next())
          .isInstanceOfAny(Failure.class, Refusal.class);
      assertThat(stage.traffic().status().held()).isFalse();
      b.restart();
      stage.requireActive("a");

      stage.awaitLinks();
      var _ = stage.switchover().next();
      stage.requireActive("b");
      stage.requireUndisturbed();
    }
  }

  /** It may have written what the other one lacks, so nothing but its return helps. */
  @EngineTest
  @Timeout(180)
  void withoutTheActiveServerClientsWaitForIt(Engine engine) throws Exception {
    try (var stage = Stage.startFenced(engine)) {
      var a = stage.servers().server("a");
      assertThatThrownBy(() -> stage.switchover(Stage.QUICK, a::kill).next())
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PAIR_UNCERTAIN));
      assertThat(stage.traffic().status().held()).isTrue();
      assertThat(stage.active()).as("b is not opened").isEqualTo("none");

      a.restart();
      assertThat(stage.switchover().settle().orElse("")).contains("was undone");
      stage.requireActive("a");
      stage.requireClientsGetIn();
      stage.requireNothingLost();
    }
  }

  /** It was fenced, and the other one has everything. */
  @EngineTest
  @Timeout(180)
  void pastThePointOfNoReturnTheOldServerIsNotNeeded(Engine engine) throws Exception {
    try (var stage = Stage.startFenced(engine)) {
      var a = stage.servers().server("a");
      var report =
          stage
              .switchover(
                  Stage.QUICK,
                  count -> {
                    if (count == COMMITTED) {
                      a.kill();
                    }
                  })
              .next();
      assertThat(report.to()).isEqualTo("b");
      assertThat(report.notes()).anyMatch(note -> note.contains("a does not answer"));

      a.restart();
      stage.requireActive("b");
      stage.requireClientsGetIn();
      stage.requireNothingLost();
    }
  }
}
