package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.EngineTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** A pair of MySQL that knows no global transaction ids is waited for by file and offset. */
@Tag("chaos")
class OffsetPairTest {
  /** The writes of the journal up to the point of no return. */
  private static final int COMMITTED = 5;

  @EngineTest(Engine.MYSQL)
  @Timeout(180)
  void clientsAreLedThereAndBack(Engine engine) throws Exception {
    try (var stage = Stage.startByOffset()) {
      assertThat(engine).isEqualTo(stage.servers().server("a").engine());
      var _ = stage.switchover().next();
      stage.requireActive("b");
      var _ = stage.switchover().back();
      stage.requireActive("a");

      // Of a controller that died past the point of no return, with a new log file meanwhile.
      stage.servers().execute("a", "FLUSH BINARY LOGS");
      assertThatThrownBy(
              () -> stage.switchover(Stage.PATIENT, count -> Death.at(count, COMMITTED)).next())
          .isInstanceOf(Death.class);
      assertThat(stage.switchover().settle().orElse("")).contains("b is the active server");
      stage.requireActive("b");
      stage.requireUndisturbed();
    }
  }
}
