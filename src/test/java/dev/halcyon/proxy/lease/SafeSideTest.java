package dev.halcyon.proxy.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.lease.SafeSide.Keep;
import dev.halcyon.proxy.lease.SafeSide.Release;
import dev.halcyon.proxy.lease.Sight.Seen;
import dev.halcyon.proxy.lease.Sight.Unseen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every combination of what can be seen of a pair whose clients were on a. */
class SafeSideTest {
  private static final Duration HELD = Duration.ofSeconds(5);
  private static final Duration OLD = Duration.ofDays(9);
  private static final Duration NEW = Duration.ofSeconds(4);

  private static final Sight WRITABLE = new Seen(false, OLD, false);
  private static final Sight RESTARTED = new Seen(false, NEW, false);
  private static final Sight FENCED = new Seen(true, OLD, false);
  private static final Sight FENCED_RESTARTED = new Seen(true, NEW, false);
  private static final Sight BEHIND = new Seen(false, OLD, true);
  private static final Sight FENCED_BEHIND = new Seen(true, OLD, true);
  private static final Sight GONE = new Unseen("connection refused");

  @Test
  void everyPairOfSights() {
    // Lines: a; columns: b. A name: released there; a dash: held on.
    var table =
        """
                         WRITABLE RESTARTED BEHIND FENCED FENCED_RESTARTED FENCED_BEHIND GONE
        WRITABLE         a        a         a      a      a                a             a
        RESTARTED        -        -         -      a      a                a             -
        FENCED           b        b         -      -      -                -             -
        FENCED_RESTARTED b        b         -      -      -                -             -
        GONE             -        -         -      -      -                -             -
        """;
    var sights =
        Map.of(
            "WRITABLE", WRITABLE,
            "RESTARTED", RESTARTED,
            "BEHIND", BEHIND,
            "FENCED", FENCED,
            "FENCED_RESTARTED", FENCED_RESTARTED,
            "FENCED_BEHIND", FENCED_BEHIND,
            "GONE", GONE);
    var lines = table.lines().map(line -> List.of(line.strip().split(" +", -1))).toList();
    var heads = lines.getFirst();
    for (var line : lines.subList(1, lines.size())) {
      for (int column = 0; column < heads.size(); column++) {
        var pair = new LinkedHashMap<String, Sight>();
        pair.put("a", sights.get(line.getFirst()));
        pair.put("b", sights.get(heads.get(column)));
        assertThat(released(SafeSide.of("a", HELD, pair)))
            .as("a %s, b %s", line.getFirst(), heads.get(column))
            .isEqualTo(line.get(column + 1));
      }
    }
  }

  /** Of three servers and more: never where another may be writable. */
  @Test
  void moreServers() {
    var all = List.of(WRITABLE, RESTARTED, FENCED, GONE);
    for (var a : all) {
      for (var b : all) {
        for (var c : all) {
          var sights = new ArrayList<>(List.of(a, b, c));
          var decided = SafeSide.of("a", HELD, Map.of("a", a, "b", b, "c", c));
          long writable = sights.stream().filter(SafeSideTest::writable).count();
          boolean allSeen = !sights.contains(GONE);
          if (decided instanceof Release(String server)) {
            assertThat(writable == 1 || (server.equals("a") && a.equals(WRITABLE)))
                .as("%s", sights)
                .isTrue();
            assertThat(writable(sights.get("abc".indexOf(server)))).isTrue();
            assertThat(allSeen || (server.equals("a") && a.equals(WRITABLE))).isTrue();
          } else {
            assertThat((writable == 1 && allSeen) || a.equals(WRITABLE)).as("%s", sights).isFalse();
          }
        }
      }
    }
  }

  @Test
  void reasonNamesWhatStandsAgainstIt() {
    assertThat(SafeSide.of("a", HELD, Map.of("a", GONE, "b", FENCED)))
        .isEqualTo(
            new Keep("no server is known to be writable; cannot look at a (connection refused)"));
    assertThat(SafeSide.of("a", HELD, Map.of("a", FENCED, "b", BEHIND)))
        .isEqualTo(new Keep("b is writable but lacks transactions of a"));
  }

  private static boolean writable(Sight sight) {
    return sight instanceof Seen seen && !seen.readOnly();
  }

  private static String released(SafeSide decided) {
    return switch (decided) {
      case Release(String server) -> server;
      case Keep _ -> "-";
    };
  }
}
