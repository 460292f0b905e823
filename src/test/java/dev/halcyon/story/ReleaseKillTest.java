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
 * load: the end is the same, and no user of a good release, or of one that its smoke tests stop,
 * has noticed. By default one point is drawn on each engine; {@code -Pchaos} takes every point of
 * every kind.
 *
 * <p>Settings: {@code halcyon.test.seed}; {@code halcyon.test.release}, the only kind; {@code
 * halcyon.test.from} and {@code halcyon.test.to}, the first and the last point; {@code
 * halcyon.test.engine}, the only engine.
 */
class ReleaseKillTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());

  /** What becomes of the new version. */
  private enum Kind {
    /** It takes over. */
    GOOD(43, 0),
    /** Its smoke tests stop it. */
    BROKEN(20, 0),
    /** The watch takes it back. */
    BAD(30, 300);

    /** A run writes its journal so often at least. */
    private final int points;

    /** A tenth of the traffic, a quarter of it bad, until the second run has taken it back. */
    private final int failures;

    Kind(int points, int failures) {
      this.points = points;
      this.failures = failures;
    }
  }

  @TempDir Path folder;

  @EngineTest
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void aReleaseThatDiesAtSomePointIsTakenUpAgain(Database database) throws IOException {
    System.out.println("release points drawn from seed " + SEED);
    var random = new Random(SEED);
    var kind = database.engine() == Engine.MARIADB ? Kind.GOOD : Kind.BAD;
    var _ = live(database, 1 + random.nextInt(kind.points), kind);
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aReleaseThatDiesAtAnyPointIsTakenUpAgain(Database database) throws IOException {
    String only = System.getProperty("halcyon.test.release", "");
    String engine = System.getProperty("halcyon.test.engine", "");
    int from = Integer.getInteger("halcyon.test.from", 1);
    int to = Integer.getInteger("halcyon.test.to", Integer.MAX_VALUE);
    for (Kind kind : Kind.values()) {
      if ((only.isEmpty() || only.equalsIgnoreCase(kind.name()))
          && (engine.isEmpty() || engine.equalsIgnoreCase(database.engine().name()))) {
        int point = from;
        while (point <= to && live(database, point, kind) == Program.KILLED) {
          point++;
        }
        System.out.printf(
            "%s, %s release: points %d to %d%n", database.engine(), kind, from, point - 1);
        assertThat(point).isGreaterThan(Math.min(kind.points, to));
      }
    }
  }

  /** How the run ended that was to die after that write. */
  private int live(Database database, int point, Kind kind) throws IOException {
    boolean good = kind == Kind.GOOD;
    String told = kind + " release, died at write " + point;
    Path place = Files.createDirectories(folder.resolve(kind + "-" + point));
    try (var fresh = Database.fresh(database.server());
        var stage = new ReleaseStage(fresh, place);
        var visitors = stage.visitors()) {
      assertThat(run(fresh, place, "init").status()).as(told).isZero();
      stage.fresh().failEvery(kind == Kind.BAD ? 4 : 0);
      stage.write(kind == Kind.BROKEN ? "\n[[smoke]]\npath = \"/users\"\ntext = [\"bob\"]\n" : "");

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
      assertThat(seen.failed()).as("%s%n%s", told, seen).isLessThanOrEqualTo(kind.failures);
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
      System.out.printf(
          "%s, %s: status %d, %d requests, %d failed%n",
          database.engine(), told, status, seen.requests(), seen.failed());
      return status;
    }
  }

  private static Program.End run(Database database, Path place, String command) {
    try (var running = Program.start(database, place, Map.of(), List.of(command))) {
      return running.await();
    }
  }
}
