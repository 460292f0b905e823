package dev.halcyon.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** What is kept of looks does not grow for ever, and what is forgotten does not look unused. */
class UsageTablesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @EngineTest
  void whatIsTooOldIsForgottenWithTheTimeInWhichItWasSeen(Database database) {
    try (var session = open(database)) {
      UsageTables.create(session);
      var began = NOW.minus(Duration.ofDays(500));
      keep(session, "old", began, List.of(seen("SELECT a", began.plus(Duration.ofDays(50)))));
      keep(session, "new", NOW.minus(Duration.ofDays(300)), List.of(seen("SELECT b", NOW)));

      UsageTables.prune(session, NOW, 100);

      assertThat(texts(session)).containsExactly("SELECT b");
      assertThat(UsageTables.forgotten(session, NOW)).isEqualTo(NOW.minus(Duration.ofDays(400)));
      assertThat(UsageTables.periods(session)).hasSize(2);
    }
  }

  @EngineTest
  void ofTooManyThoseSeenLongestAgoAreForgotten(Database database) {
    try (var session = open(database)) {
      UsageTables.create(session);
      var all =
          IntStream.range(0, 20)
              .mapToObj(i -> seen("SELECT " + i, NOW.minus(Duration.ofHours(i))))
              .toList();
      keep(session, "one", NOW.minus(Duration.ofDays(3)), all);

      UsageTables.prune(session, NOW, 5);
      UsageTables.prune(session, NOW, 5);

      assertThat(texts(session))
          .containsExactly("SELECT 0", "SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4");
      // The last one that was removed was seen five hours ago.
      assertThat(UsageTables.forgotten(session, NOW)).isEqualTo(NOW.minus(Duration.ofHours(5)));
      assertThat(UsageTables.periods(session)).hasSize(1);
    }
  }

  private static void keep(Session session, String instance, Instant from, List<Seen> seen) {
    var look = new Look("server", instance, List.of(new Period(from, NOW)), List.of(), 0, seen);
    UsageTables.save(session, look);
  }

  private static Seen seen(String text, Instant last) {
    return new Seen(text, true, "shop", "", "", 1, last, last);
  }

  private static List<String> texts(Session session) {
    return UsageTables.seenSince(session, Instant.EPOCH.plus(Duration.ofDays(4000))).stream()
        .map(stored -> stored.seen().text())
        .toList();
  }

  private static Session open(Database database) {
    return Server.connect(
            new ConnectionSettings(database.url(), database.user(), database.password()))
        .open("test");
  }
}
