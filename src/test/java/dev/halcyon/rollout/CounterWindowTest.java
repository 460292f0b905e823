package dev.halcyon.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.balancer.Counters;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CounterWindowTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void tooFewAnswersAreNoBreach() {
    var window = window(100, 0.01, null);
    window.add(0, new Counters(1000, 0, Duration.ZERO));
    window.add(SECOND, new Counters(1099, 50, Duration.ZERO));
    assertThat(window.enough()).isFalse();
    assertThat(window.breach()).isEmpty();
    window.add(2 * SECOND, new Counters(1100, 51, Duration.ZERO));
    assertThat(window.breach())
        .contains("51 of 100 answers failed (51 %, at most 1 % are allowed)");
  }

  @Test
  void exactlyWhatIsAllowedIsNoBreach() {
    var window = window(10, 0.1, Duration.ofMillis(50));
    window.add(0, new Counters(0, 0, Duration.ZERO));
    window.add(SECOND, new Counters(10, 1, Duration.ofMillis(50)));
    assertThat(window.breach()).isEmpty();
    window.add(SECOND, new Counters(20, 1, Duration.ofMillis(51)));
    assertThat(window.breach())
        .contains("answers take 51 ms in the mean, at most 50 ms are allowed");
  }

  @Test
  void whatIsOlderThanTheWindowNoLongerCounts() {
    var window = window(1, 0.01, null);
    window.add(0, new Counters(0, 0, Duration.ZERO));
    window.add(SECOND, new Counters(100, 1, Duration.ZERO));
    window.add(12 * SECOND, new Counters(200, 1, Duration.ZERO));
    assertThat(window.seen()).isEqualTo(new Counters(100, 0, Duration.ZERO));
    assertThat(window.breach()).isEmpty();
  }

  @Test
  void aBalancerThatCountsAnewBeginsTheWindowAnew() {
    var window = window(1, 0.01, null);
    window.add(0, new Counters(500, 400, Duration.ZERO));
    window.add(SECOND, new Counters(10, 0, Duration.ZERO));
    window.add(2 * SECOND, new Counters(20, 0, Duration.ZERO));
    assertThat(window.seen()).isEqualTo(new Counters(10, 0, Duration.ZERO));
  }

  @Test
  void noAnswerAtAllIsNoBreachAndNoSampleIsEnoughIfNoneIsWanted() {
    var window = window(0, 0.01, Duration.ofMillis(1));
    window.add(0, new Counters(5, 0, Duration.ofSeconds(1)));
    assertThat(window.enough()).isTrue();
    assertThat(window.breach()).isEmpty();
  }

  private static CounterWindow window(
      long samples, double errors, @org.jspecify.annotations.Nullable Duration latency) {
    return new CounterWindow(new Watch.Counted(Duration.ofSeconds(10), samples, errors, latency));
  }
}
