package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import dev.halcyon.testing.RelayFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The connection is cut at a request, whichever it is: before the server gets it, while it works on
 * it, or instead of its reply. The run goes on by itself or says that the connection was lost; then
 * the same command ends where an undisturbed one does. The requests are counted in an undisturbed
 * life; by default a few are drawn, {@code -Pchaos} draws many of every kind of change.
 *
 * <p>Settings: as of {@link KillTest}.
 */
class CutTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());
  private static final int KINDS = Integer.getInteger("halcyon.test.kinds", 2);
  private static final int POINTS = Integer.getInteger("halcyon.test.points", 1);
  private static final int MANY = 30;

  /** When the connection is cut. */
  private enum Moment {
    BEFORE,
    DURING,
    AFTER;

    RelayFault arm(Relay relay, Predicate<String> request) {
      return switch (this) {
        case BEFORE -> relay.cutBeforeRequest(request);
        case DURING -> relay.cutDuringRequest(request);
        case AFTER -> relay.cutAfterRequest(request);
      };
    }
  }

  /** A cut at that request of an act, counted from 1. */
  private record Cut(Moment moment, int request) {}

  @TempDir Path folder;

  @EngineTest
  void aRunThatLosesItsConnectionEndsWhereItWouldHave(Database database) {
    sweep(database, KINDS, POINTS);
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(value = 5, unit = TimeUnit.HOURS)
  void aRunOfAnyKindThatLosesItsConnectionEndsWhereItWouldHave(Database database) {
    sweep(database, Integer.MAX_VALUE, MANY);
  }

  private void sweep(Database database, int kinds, int lives) {
    System.out.println("cuts drawn from seed " + SEED);
    var random = new Random(SEED);
    var names = new ArrayList<>(KillTest.names());
    Collections.shuffle(names, random);
    for (String name : names.subList(0, Math.min(kinds, names.size()))) {
      var life = new Life(ChangeCase.of(name), folder, 0);
      var requests = new EnumMap<Life.Act, Integer>(Life.Act.class);
      SortedMap<String, String> undisturbed;
      try (var quiet = Database.fresh(database.server())) {
        undisturbed = live(quiet, life, Map.of(), requests);
      }
      for (int i = 0; i < lives; i++) {
        var cuts = new EnumMap<Life.Act, Cut>(Life.Act.class);
        requests.forEach(
            (act, most) ->
                cuts.put(
                    act, new Cut(Moment.values()[random.nextInt(3)], 1 + random.nextInt(most))));
        String told = "%s, cut at %s, seed %d".formatted(name, cuts, SEED);
        System.out.println(told);
        try (var disturbed = Database.fresh(database.server())) {
          assertThat(live(disturbed, life, cuts, new EnumMap<>(Life.Act.class)))
              .as(told)
              .isEqualTo(undisturbed);
        } catch (RuntimeException e) {
          throw new AssertionError(told + ": " + e, e);
        }
      }
    }
  }

  /** Lives from expand to contract, and tells what stood after the rollback and at the end. */
  private static SortedMap<String, String> live(
      Database database, Life life, Map<Life.Act, Cut> cuts, Map<Life.Act, Integer> requests) {
    var ends = new TreeMap<String, String>();
    life.prepare(database);
    for (Life.Act act : life.acts()) {
      try (var relay = Relay.inFrontOf(database.server())) {
        var cut = cuts.get(act);
        if (cut != null) {
          var arrived = new AtomicInteger();
          var _ = cut.moment().arm(relay, text -> arrived.incrementAndGet() == cut.request());
        }
        if (!ran(act, life, database, relay)) {
          Life.done(act.run(life.deployment(database, database.url())));
        }
        requests.put(act, relay.requests().size());
      }
      if (act == Life.Act.ROLLBACK || act == Life.Act.CONTRACT) {
        EndState.of(database, life.change())
            .forEach((key, text) -> ends.put(act + " " + key, text));
      }
    }
    return ends;
  }

  /** False when the run said that it had lost its connection. */
  private static boolean ran(Life.Act act, Life life, Database database, Relay relay) {
    try {
      Life.done(act.run(life.deployment(database, relay.url(database))));
      return true;
    } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
      return false;
    } catch (Failure failure) {
      if (failure.code() == ErrorCode.CONNECTION_LOST) {
        return false;
      }
      throw failure;
    } catch (Refusal refusal) {
      if (refusal.findings().stream()
          .map(Finding::code)
          .allMatch(ErrorCode.UNREACHABLE.code()::equals)) {
        return false;
      }
      throw refusal;
    }
  }
}
