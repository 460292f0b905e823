package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program dies right after a write of its journal, and the same command runs again, while the
 * old and the new application write: the end is the same as undisturbed, schema and rows. The
 * points are counted in an undisturbed life. By default a few kinds of change and points are drawn;
 * {@code -Pchaos} takes every point of every kind.
 *
 * <p>Settings: {@code halcyon.test.seed}; {@code halcyon.test.kinds}, how many kinds are drawn;
 * {@code halcyon.test.points}, how often each lives; {@code halcyon.test.kind}, the only kind.
 */
class KillTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());
  private static final int KINDS = Integer.getInteger("halcyon.test.kinds", 2);
  private static final int POINTS = Integer.getInteger("halcyon.test.points", 1);

  @TempDir Path folder;

  @EngineTest
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aRunThatDiesAtSomePointIsTakenUpAgain(Database database) {
    System.out.println("kill points drawn from seed " + SEED);
    var random = new Random(SEED);
    List<String> names = names();
    Collections.shuffle(names, random);
    for (String name : names.subList(0, Math.min(KINDS, names.size()))) {
      var life = new Life(ChangeCase.of(name), folder, random.nextLong());
      Map<Life.Act, Integer> writes = count(database, life);
      for (int i = 0; i < POINTS; i++) {
        disturb(database, life, drawn(writes, random));
      }
    }
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(value = 5, unit = TimeUnit.HOURS)
  void aRunThatDiesAtAnyPointIsTakenUpAgain(Database database) {
    System.out.println("applications write from seed " + SEED);
    var random = new Random(SEED);
    for (String name : names()) {
      var life = new Life(ChangeCase.of(name), folder, random.nextLong());
      Map<Life.Act, Integer> writes = count(database, life);
      for (int point = 1; point <= Collections.max(writes.values()); point++) {
        // One life has every act, so one life tries a point of each.
        var points = new EnumMap<>(drawn(writes, random));
        for (var act : writes.keySet()) {
          if (point <= writes.getOrDefault(act, 0)) {
            points.put(act, point);
          }
        }
        disturb(database, life, points);
      }
    }
  }

  /** All kinds of change, or the only one that is asked for. */
  static List<String> names() {
    String only = System.getProperty("halcyon.test.kind", "");
    return new ArrayList<>(only.isEmpty() ? ChangeCase.names() : List.of(only.split(",", -1)));
  }

  private static Map<Life.Act, Integer> count(Database database, Life life) {
    try (var quiet = Database.fresh(database.server())) {
      return life.count(quiet);
    }
  }

  private static Map<Life.Act, Integer> drawn(Map<Life.Act, Integer> writes, Random random) {
    var points = new EnumMap<Life.Act, Integer>(Life.Act.class);
    writes.forEach((act, most) -> points.put(act, 1 + random.nextInt(most)));
    return points;
  }

  private static void disturb(Database database, Life life, Map<Life.Act, Integer> points) {
    String told = "%s, died at journal writes %s, seed %d".formatted(life, points, SEED);
    System.out.println(told);
    Life.Story story;
    try (var disturbed = Database.fresh(database.server())) {
      story = life.disturbed(disturbed, points);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(told + ": " + e.getMessage(), e);
    }
    try (var undisturbed = Database.fresh(database.server())) {
      Life.Ends ends = life.undisturbed(undisturbed, story);
      assertThat(story.ends().rolledBack())
          .as("%s, rolled back", told)
          .isEqualTo(ends.rolledBack());
      assertThat(story.ends().contracted()).as("%s, contracted", told).isEqualTo(ends.contracted());
    }
  }
}
