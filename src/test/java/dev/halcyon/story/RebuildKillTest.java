package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Ledger;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed with signal 9 at random instants while it rebuilds a table under load, goes
 * back, or tidies up, and the same command is typed again.
 *
 * <p>Settings: {@code halcyon.test.seed}; {@code halcyon.test.kills}, how often.
 */
@Tag("chaos")
class RebuildKillTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());
  private static final int KILLS = Integer.getInteger("halcyon.test.kills", 20);
  private static final int WRITERS = 3;
  private static final int FILLER = 1500;
  private static final long THINK_NANOS = 5_000_000;
  private static final int MOST_KILLS_OF_A_RUN = 4;
  private static final Map<String, String> SETTINGS = Map.of("HALCYON_COPY_ROWS", "60");

  @TempDir Path folder;

  @EngineTest
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aRunThatIsKilledAtAnyInstantIsTakenUpAgain(Database database) {
    System.out.println("instants drawn from seed " + SEED);
    var random = new Random(SEED);
    Ledger.create(database);
    fill(database);
    run(database, List.of("init"));
    var own = database.ownObjects();
    var ledger = new Ledger(WRITERS);
    var kills = new Kills(database, random);
    for (var round = 0; kills.done() < KILLS; round++) {
      try (var load =
          Load.start(
              database,
              WRITERS,
              SEED + round,
              (choice, connection) -> {
                ledger.write(choice, connection);
                LockSupport.parkNanos(THINK_NANOS);
              })) {
        var back = random.nextInt(3) == 0;
        if (back) {
          kills.keeping("alter", "--way=rebuild", "--keep", alter("BIGINT"));
          assertThat(type(database)).startsWith("bigint");
          kills.through("alter", "--revert", "t");
        } else {
          kills.through("alter", "--way=rebuild", alter("BIGINT"));
          assertThat(type(database)).startsWith("bigint");
          kills.through("alter", "--way=rebuild", alter("INT"));
        }
        assertThat(type(database)).startsWith("int");
        LoadReport report = load.stop().requireNoErrorsBut();
        assertThat(report.done()).isPositive();
      }
      ledger.requireSame(database);
      assertThat(database.strings("SELECT COUNT(*), SUM(v) FROM t WHERE id < 0"))
          .containsExactly(FILLER + " | " + -FILLER * (FILLER + 1) / 2);
      assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
      assertThat(database.ownObjects()).isEqualTo(own);
    }
    System.out.printf("%s: %s, seed %d%n", database.engine().label(), kills, SEED);
  }

  /** Rows that nobody writes to, so that there is something to copy. */
  private static void fill(Database database) {
    var sql = new StringBuilder("INSERT INTO t VALUES (-1, -1)");
    for (var id = 2; id <= FILLER; id++) {
      sql.append(", (-").append(id).append(", -").append(id).append(')');
    }
    database.execute(sql.toString());
  }

  private static String alter(String type) {
    return "ALTER TABLE t MODIFY v " + type + " NOT NULL";
  }

  private static String type(Database database) {
    return database.value(
        "SELECT column_type FROM information_schema.columns WHERE table_schema = DATABASE()"
            + " AND table_name = 't' AND column_name = 'v'");
  }

  private Program.End run(Database database, List<String> command) {
    try (var running = Program.start(database, folder, SETTINGS, command)) {
      return running.await();
    }
  }

  /** Kills runs of the program until each is at its end. */
  private final class Kills {
    private final Database database;
    private final Random random;

    /** How long runs took that nobody killed. */
    private final List<Duration> took = new ArrayList<>();

    private int done;
    private int runs;

    Kills(Database database, Random random) {
      this.database = database;
      this.random = random;
    }

    int done() {
      return done;
    }

    @Override
    public String toString() {
      return "%d kills in %d runs, undisturbed in %s".formatted(done, runs, took);
    }

    /** The same command until it ends by itself. */
    void through(String... command) {
      var most = took.isEmpty() ? 0 : random.nextInt(1 + MOST_KILLS_OF_A_RUN);
      for (var kill = 0; kill < most; kill++) {
        if (!killed(List.of(command), 1)) {
          return;
        }
      }
      var start = System.nanoTime();
      var end = run(database, List.of(command));
      requireDone(end, most > 0);
      if (most == 0) {
        took.add(Duration.ofNanos(System.nanoTime() - start));
      }
      runs++;
    }

    /** A command that keeps the old table until it is killed. */
    void keeping(String... command) {
      for (var longer = 1.0; !type(database).startsWith("bigint"); longer *= 1.3) {
        var _ = killed(List.of(command), longer);
      }
      var _ = killed(List.of(command), 1);
    }

    /**
     * Whether it was killed before it came to its end.
     *
     * @param share of the time of an undisturbed run, within which it is killed
     */
    private boolean killed(List<String> command, double share) {
      var typical = took.isEmpty() ? Duration.ofSeconds(3) : took.getLast();
      try (var running = Program.start(database, folder, SETTINGS, command)) {
        LockSupport.parkNanos((long) (typical.toNanos() * share * random.nextDouble()));
        running.kill();
        var end = running.await();
        if (end.status() == Program.KILLED) {
          done++;
          return true;
        }
        requireDone(end, true);
        return false;
      }
    }

    /** A command that was killed behind its end finds nothing to do. */
    private void requireDone(Program.End end, boolean again) {
      var over =
          again && (end.printed().contains("HAL-221") || end.printed().contains("No old table"));
      assertThat(end.status() == 0 || over)
          .as("seed %d, after %d kills:%n%s", SEED, done, end.printed())
          .isTrue();
    }
  }
}
