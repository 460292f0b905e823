package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.deploy.Deployment;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run dies after a write of its journal, and the same command runs again: the end is the same as
 * undisturbed, schema and rows. Dying here means that from that write on nothing of the run reaches
 * the server any more, its clean-up included. The points are counted in an undisturbed run. By
 * default a few kinds of change and points are drawn; {@code -Pchaos} takes all of them.
 */
class KillTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());
  private static final int KINDS = Integer.getInteger("halcyon.test.kinds", 5);
  private static final int POINTS = Integer.getInteger("halcyon.test.points", 1);

  @TempDir Path migrations;

  @EngineTest
  void aRunThatDiesAtSomePointIsTakenUpAgain(Database database) {
    System.out.println("kill points drawn from seed " + SEED);
    var random = new Random(SEED);
    var names = new ArrayList<>(ChangeCase.names());
    Collections.shuffle(names, random);
    for (String name : names.subList(0, Math.min(KINDS, names.size()))) {
      sweep(
          database,
          ChangeCase.of(name),
          points -> {
            Collections.shuffle(points, random);
            points.subList(Math.min(POINTS, points.size()), points.size()).clear();
          });
    }
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void aRunThatDiesAtAnyPointIsTakenUpAgain(Database database) {
    for (String name : ChangeCase.names()) {
      sweep(database, ChangeCase.of(name), points -> {});
    }
  }

  private void sweep(Database database, ChangeCase change, Consumer<List<Integer>> choose) {
    Path files = migrations.resolve(database.schema() + change.folder().getFileName());
    assertThat(files.toFile().mkdirs()).isTrue();
    change.writeTo(files);
    String undisturbed;
    int expandWrites;
    int contractWrites;
    try (var quiet = Database.fresh(database.server())) {
      prepare(quiet, change, files);
      expandWrites = count(quiet, files, d -> d.expand(List.of(), false));
      contractWrites = count(quiet, files, d -> d.contract(List.of(), null));
      undisturbed = snapshot(quiet);
    }
    for (int point : chosen(expandWrites, choose)) {
      try (var disturbed = Database.fresh(database.server())) {
        prepare(disturbed, change, files);
        die(disturbed, files, point, d -> d.expand(List.of(), false));
        Deployment again = Deployments.of(disturbed, files);
        again.expand(List.of(), false);
        again.contract(List.of(), null);
        same(disturbed, undisturbed, change, "expand", point);
      }
    }
    for (int point : chosen(contractWrites, choose)) {
      try (var disturbed = Database.fresh(database.server())) {
        prepare(disturbed, change, files);
        Deployments.of(disturbed, files).expand(List.of(), false);
        die(disturbed, files, point, d -> d.contract(List.of(), null));
        Deployments.of(disturbed, files).contract(List.of(), null);
        same(disturbed, undisturbed, change, "contract", point);
      }
    }
  }

  private static void prepare(Database database, ChangeCase change, Path files) {
    change.before().forEach(database::execute);
    Deployments.of(database, files).init();
  }

  private static int count(Database database, Path files, Consumer<Deployment> command) {
    var writes = new AtomicInteger();
    command.accept(Deployments.of(database, database.url(), files, writes::set));
    return writes.get();
  }

  private static List<Integer> chosen(int writes, Consumer<List<Integer>> choose) {
    var points = new ArrayList<Integer>();
    for (int point = 1; point <= writes; point++) {
      points.add(point);
    }
    choose.accept(points);
    return points;
  }

  private static void die(Database database, Path files, int point, Consumer<Deployment> command) {
    try (var relay = Relay.inFrontOf(database.server())) {
      var dying =
          Deployments.of(
              database,
              relay.url(database),
              files,
              write -> {
                if (write == point) {
                  relay.refuseNew();
                  relay.cutAll();
                  throw new Death();
                }
              });
      try {
        command.accept(dying);
      } catch (Death death) {
        return;
      } catch (RuntimeException e) {
        if (isDeath(e)) {
          return;
        }
        throw e;
      }
    }
    throw new AssertionError("did not die at write " + point);
  }

  private static boolean isDeath(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof Death || List.of(t.getSuppressed()).stream().anyMatch(KillTest::isDeath)) {
        return true;
      }
    }
    return false;
  }

  private static void same(
      Database database, String undisturbed, ChangeCase change, String phase, int point) {
    assertThat(snapshot(database))
        .as("%s died in %s at journal write %d, seed %d", change, phase, point, SEED)
        .isEqualTo(undisturbed);
  }

  /** The times that the server set by itself differ from run to run. */
  private static String snapshot(Database database) {
    return database
        .snapshot()
        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?", "<time>");
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
      super("the run dies here");
    }
  }
}
