package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.cli.ReleaseStage;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code halcyon release} dies right after a write of its journal and is typed again, under steady
 * load: the end is the same, and no user of a good release has noticed. By default a point of a
 * good release and one of a bad release are drawn on each engine; {@code -Pchaos} takes every
 * point.
 */
class ReleaseKillTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());

  /** A good release writes its journal so often at least; a bad one, until it is taken back. */
  private static final int GOOD = 43;

  private static final int BAD = 30;

  @TempDir Path folder;

  @EngineTest
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void aReleaseThatDiesAtSomePointIsTakenUpAgain(Database database) throws IOException {
    System.out.println("release points drawn from seed " + SEED);
    var random = new Random(SEED);
    boolean good = database.engine() == Engine.MARIADB;
    var _ = live(database, 1 + random.nextInt(good ? GOOD : BAD), good);
  }

  @EngineTest(Engine.MARIADB)
  @Tag("chaos")
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aReleaseThatDiesAtAnyPointIsTakenUpAgain(Database database) throws IOException {
    for (boolean good : List.of(true, false)) {
      int point = 1;
      while (live(database, point, good) == Program.KILLED) {
        point++;
      }
      System.out.println((good ? "good" : "bad") + " release: " + (point - 1) + " points");
      assertThat(point).isGreaterThan(good ? GOOD : BAD);
    }
  }

  /** How the run ended that was to die after that write. */
  private int live(Database database, int point, boolean good) throws IOException {
    String told = (good ? "good" : "bad") + " release, died at write " + point;
    Path place = Files.createDirectories(folder.resolve(good + "-" + point));
    try (var fresh = Database.fresh(database.server());
        var stage = new ReleaseStage(fresh, place);
        var visitors = stage.visitors()) {
      assertThat(run(fresh, place, "init").status()).as(told).isZero();
      stage.fresh().failEvery(good ? 0 : 4);

      var first = Program.dying(fresh, place, point, 100_000, List.of("release"));
      int status = first.status();
      if (status == Program.KILLED) {
        var again = run(fresh, place, "release");
        // After the very last write nothing remains to be done.
        boolean done = again.printed().contains("HAL-221");
        assertThat(done ? 0 : again.status()).as("%s%n%s", told, again).isEqualTo(good ? 0 : 1);
      } else {
        assertThat(status).as("%s%n%s", told, first).isEqualTo(good ? 0 : 1);
      }

      var seen = visitors.take();
      assertThat(seen.failed()).as("%s%n%s", told, seen).isLessThanOrEqualTo(good ? 0 : 300);
      assertThat(fresh.strings("SELECT state, live FROM halcyon_release ORDER BY id DESC LIMIT 1"))
          .as(told)
          .containsExactly(good ? "completed | new" : "reverted | old");
      assertThat(fresh.strings("SELECT version, state FROM halcyon_expand_version"))
          .containsExactly("1 | verified");
      long old = stage.old().requests();
      long young = stage.fresh().requests();
      visitors.awaitRequests(30);
      assertThat(stage.old().requests() > old).as(told).isEqualTo(!good);
      assertThat(stage.fresh().requests() > young).as(told).isEqualTo(good);
      return status;
    }
  }

  private static Program.End run(Database database, Path place, String command) {
    try (var running = Program.start(database, place, Map.of(), List.of(command))) {
      return running.await();
    }
  }
}
