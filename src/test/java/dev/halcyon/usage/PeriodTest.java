package dev.halcyon.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When everything was watched. */
class PeriodTest {
  @Test
  void periodsJoinWhereTheyMeetAndAGapIsAGap() {
    var periods = List.of(period(5, 7), period(0, 2), period(2, 4), period(6, 9));

    assertThat(Period.union(periods)).containsExactly(period(0, 4), period(5, 9));
    assertThat(Period.watchedSince(periods, at(9))).contains(at(5));
    assertThat(Period.watchedSince(periods, at(10))).isEmpty();
    assertThat(Period.watchedSince(List.of(), at(1))).isEmpty();
  }

  private static Period period(long from, long to) {
    return new Period(at(from), at(to));
  }

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }
}
