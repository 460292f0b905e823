package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.pair.FunnelResumption.Place;
import dev.halcyon.pair.FunnelResumption.Refuse;
import dev.halcyon.pair.FunnelResumption.RollForward;
import dev.halcyon.pair.FunnelResumption.Standing;
import dev.halcyon.pair.FunnelResumption.Undo;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunnelResumptionTest {
  /**
   * U undo, F forward, - refuse; columns: clients at the source, at the target, between, not seen;
   * first acting, then committed.
   */
  private static final String TABLE =
      """
      there OPEN   OPEN   UUUU UUUU
      there OPEN   CLOSED ---- ----
      there OPEN   UNSEEN ---- ----
      there CLOSED OPEN   UFFU UFFF
      there CLOSED CLOSED ---- ----
      there CLOSED UNSEEN ---- ----
      there UNSEEN OPEN   ---- ----
      there UNSEEN CLOSED ---- ----
      there UNSEEN UNSEEN ---- ----
      back  OPEN   OPEN   UFFF UFFF
      back  OPEN   CLOSED U--U U--U
      back  OPEN   UNSEEN ---- ----
      back  CLOSED OPEN   ---- ----
      back  CLOSED CLOSED ---- ----
      back  CLOSED UNSEEN ---- ----
      back  UNSEEN OPEN   ---- ----
      back  UNSEEN CLOSED ---- ----
      back  UNSEEN UNSEEN ---- ----
      """;

  @Test
  void everyStandingHasItsWay() {
    var text = new StringBuilder();
    for (boolean back : List.of(false, true)) {
      for (var from : Sight.values()) {
        for (var to : Sight.values()) {
          text.append("%-5s %-6s %-6s".formatted(back ? "back" : "there", from, to));
          for (var state : List.of(PairState.ACTING, PairState.COMMITTED)) {
            text.append(' ');
            for (var place : Place.values()) {
              text.append(letter(new Standing(back, state, from, to, place)));
            }
          }
          text.append('\n');
        }
      }
    }

    assertThat(text.toString()).isEqualTo(TABLE);
  }

  private static String letter(Standing standing) {
    return switch (FunnelResumption.of(standing)) {
      case Undo _ -> "U";
      case RollForward _ -> "F";
      case Refuse _ -> "-";
    };
  }
}
