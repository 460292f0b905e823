package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.progress.Event;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final List<Event> RUN =
      List.of(
          new Event.PhaseStarted("11", "expand", 2),
          new Event.StepStarted("11", "expand.1", "add column users.b", 0),
          new Event.StepFinished("11", "expand.1", false, Duration.ofMillis(12)),
          new Event.StepStarted("11", "expand.2", "backfill users.b", 1000),
          new Event.StepAdvanced("11", "expand.2", 250, 1000),
          new Event.Waiting("11", "expand.2", "for a lock"),
          new Event.Waiting("11", "expand.2", "for a lock"),
          new Event.StepFinished("11", "expand.2", true, Duration.ofMillis(2400)),
          new Event.PhaseFinished("11", "expand", Duration.ofSeconds(200)));

  @Test
  void withoutATerminalEachStepIsAPlainLine() {
    assertThat(printed(0))
        .isEqualTo(
            """
            V11 expand: 2 steps
              expand.1  add column users.b: done in 12 ms
              expand.2  waiting: for a lock
              expand.2  backfill users.b: already so
            V11 expand: done in 3 min 20 s
            """);
  }

  @Test
  void onATerminalALineIsDrawnOverAndNeverWiderThanIt() {
    String printed = printed(60);

    assertThat(printed(200))
        .contains(
            "expand.2  backfill users.b  [#####---------------]  25%  250/1,000 rows  measuring");
    assertThat(printed(72))
        .contains("  expand.2  bac  [#####---------------]  25%  250/1,000 rows  measuring");
    assertThat(printed).contains("\r").doesNotContain("\u001b");
    assertThat(printed.split("[\r\n]")).allMatch(line -> line.length() < 60);
  }

  @Test
  void rateAndRemainingTimeCountFromWhereTheRunTookUp() {
    var rate = new Rate(0, 500);
    assertThat(rate.perSecond()).isEmpty();

    rate.advance(Duration.ofMillis(500).toNanos(), 600);
    assertThat(rate.perSecond()).isEmpty();

    rate.advance(Duration.ofSeconds(2).toNanos(), 700);
    assertThat(rate.perSecond()).contains(100L);
    assertThat(rate.remaining(1000)).contains(Duration.ofSeconds(3));
    assertThat(rate.remaining(600)).isEmpty();
  }

  private static String printed(int columns) {
    var bytes = new ByteArrayOutputStream();
    var stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var progress = new Progress(new Console(stream, stream, columns));
    RUN.forEach(progress::on);
    progress.close();
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
