package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.EngineTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** See {@link SwitchingRun}. {@code halcyon.test.seconds} says for how long. */
class SwitchingTest {
  private static final int SECONDS = 10;
  private static final int MANY_SECONDS = 300;

  @EngineTest
  void clientsGoOnAsIfNothingHadHappened(Engine engine) throws Exception {
    switchOver(engine, SECONDS);
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void clientsGoOnForMinutes(Engine engine) throws Exception {
    switchOver(engine, MANY_SECONDS);
  }

  private static void switchOver(Engine engine, int seconds) throws Exception {
    var report = SwitchingRun.of(engine, Integer.getInteger("halcyon.test.seconds", seconds));
    System.err.println("HALCYON: " + engine.label() + ": " + report);
    assertThat(report.moved()).isPositive();
  }
}
