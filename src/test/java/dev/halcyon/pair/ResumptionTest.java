package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.pair.Resumption.Nothing;
import dev.halcyon.pair.Resumption.Refuse;
import dev.halcyon.pair.Resumption.RollForward;
import dev.halcyon.pair.Resumption.Standing;
import dev.halcyon.pair.Resumption.Undo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumptionTest {
  private static final List<Boolean> BOTH = List.of(false, true);

  /** U undo, F forward, - refuse; columns: not even, even, and both again at the target. */
  private static final String TABLE =
      """
      PREPARING OPEN   OPEN   ----
      PREPARING OPEN   CLOSED UUUU
      PREPARING OPEN   UNSEEN UU--
      PREPARING CLOSED OPEN   -F-F
      PREPARING CLOSED CLOSED UUUU
      PREPARING CLOSED UNSEEN ----
      PREPARING UNSEEN OPEN   ----
      PREPARING UNSEEN CLOSED ----
      PREPARING UNSEEN UNSEEN ----
      ACTING    OPEN   OPEN   ----
      ACTING    OPEN   CLOSED UUUU
      ACTING    OPEN   UNSEEN UU--
      ACTING    CLOSED OPEN   -F-F
      ACTING    CLOSED CLOSED UUUU
      ACTING    CLOSED UNSEEN ----
      ACTING    UNSEEN OPEN   ----
      ACTING    UNSEEN CLOSED ----
      ACTING    UNSEEN UNSEEN ----
      COMMITTED OPEN   OPEN   --FF
      COMMITTED OPEN   CLOSED UU--
      COMMITTED OPEN   UNSEEN UU--
      COMMITTED CLOSED OPEN   FFFF
      COMMITTED CLOSED CLOSED -F-F
      COMMITTED CLOSED UNSEEN ----
      COMMITTED UNSEEN OPEN   FFFF
      COMMITTED UNSEEN CLOSED ----
      COMMITTED UNSEEN UNSEEN ----
      """;

  @Test
  void everyStandingHasItsWay() {
    var text = new StringBuilder();
    for (var state : PairState.values()) {
      for (var from : Sight.values()) {
        for (var to : Sight.values()) {
          if (state.unfinished()) {
            text.append("%-9s %-6s %-6s ".formatted(state, from, to));
            for (boolean atTarget : BOTH) {
              for (boolean even : BOTH) {
                text.append(letter(new Standing(state, from, to, even, atTarget, false)));
              }
            }
            text.append('\n');
          }
        }
      }
    }

    assertThat(text.toString()).isEqualTo(TABLE);
  }

  @Test
  void passiveServerIsNeverOpenedUnlessTheOtherOneIsProvenClosed() {
    for (var standing : all()) {
      if (Resumption.of(standing) instanceof RollForward) {
        assertThat(standing.to() == Sight.OPEN || standing.from() == Sight.CLOSED)
            .describedAs("%s", standing)
            .isTrue();
      }
    }
  }

  @Test
  void activeServerIsNeverOpenedWhileTheOtherOneMayBe() {
    for (var standing : all()) {
      if (Resumption.of(standing) instanceof Undo && !standing.neverOpened()) {
        assertThat(standing.from() == Sight.OPEN || standing.to() == Sight.CLOSED)
            .describedAs("%s", standing)
            .isTrue();
      }
    }
  }

  @Test
  void whoHasNeverOpenedThePassiveServerUndoes() {
    for (var standing : all()) {
      if (standing.neverOpened() && standing.state().unfinished()) {
        assertThat(Resumption.of(standing)).isInstanceOf(Undo.class);
      }
    }
  }

  @Test
  void nothingIsDoneAboutWhatIsAtItsEnd() {
    for (var standing : all()) {
      if (!standing.state().unfinished()) {
        assertThat(Resumption.of(standing)).isInstanceOf(Nothing.class);
      }
    }
  }

  private static List<Standing> all() {
    var all = new ArrayList<Standing>();
    for (var state : PairState.values()) {
      for (var from : Sight.values()) {
        for (var to : Sight.values()) {
          for (boolean even : BOTH) {
            for (boolean atTarget : BOTH) {
              for (boolean neverOpened : BOTH) {
                all.add(new Standing(state, from, to, even, atTarget, neverOpened));
              }
            }
          }
        }
      }
    }
    return all;
  }

  private static String letter(Standing standing) {
    return switch (Resumption.of(standing)) {
      case Nothing _ -> "n";
      case Undo _ -> "U";
      case RollForward _ -> "F";
      case Refuse _ -> "-";
    };
  }
}
