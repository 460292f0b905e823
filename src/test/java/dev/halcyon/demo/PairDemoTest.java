package dev.halcyon.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.pair.SwitchReport;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.time.Duration;

/** The whole story in a few seconds, with its own servers. */
class PairDemoTest {
  private static final int CLIENTS = 12;

  @EngineTest
  void clientsAreLedThereAndBackAndNoticeNothing(Engine engine) {
    var report =
        PairDemo.run(
            new DemoSettings(
                Servers.distribution(engine),
                500,
                CLIENTS,
                Duration.ofMillis(60),
                Duration.ofMillis(500),
                Duration.ZERO,
                1,
                Events.NONE,
                () -> false));

    assertThat(report.words()).isEmpty();
    assertThat(report.status()).describedAs(report.text()).isEqualTo(ExitStatus.DONE);
    assertThat(report.acts())
        .extracting(Event.ActFinished::act)
        .containsExactly(
            "before",
            "expand",
            "switch",
            "new-schema",
            "back",
            "old-schema",
            "forward",
            "finish",
            "after");
    assertThat(report.switchovers())
        .extracting(SwitchReport::to)
        .containsExactly("east", "west", "east");
    assertThat(report.orders()).isGreaterThan(500);
    assertThat(report.fields())
        .containsEntry("failed", 0L)
        .containsEntry("lost", 0L)
        .containsEntry("duplicated", 0L)
        .containsEntry("sessions", 3L * CLIENTS)
        .containsEntry("sessionsKept", 3L * CLIENTS)
        .containsKeys("pauseMs", "phases");
    assertThat(report.text()).contains("0 lost, 0 duplicated", "both servers have the same");
  }
}
