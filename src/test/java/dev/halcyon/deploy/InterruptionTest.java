package dev.halcyon.deploy;

import static dev.halcyon.deploy.Fixture.V12;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import dev.halcyon.testing.RelayFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;

/** Whatever interrupts a run, the same command again ends where an undisturbed run ends. */
class InterruptionTest {
  /** As if the program died: nothing of ours handles it. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  @EngineTest
  void deathAfterEachJournalWriteIsMadeGoodBySameCommand(Database database, @TempDir Path folder)
      throws IOException {
    var undisturbed = wholeLife(database, folder, 0);
    assertThat(undisturbed.deaths).isZero();
    for (var write = 1; ; write++) {
      try (var other = Database.fresh(database.server())) {
        var life = wholeLife(other, Files.createDirectory(folder.resolve("w" + write)), write);
        assertThat(life.end).as("died after write %d", write).isEqualTo(undisturbed.end);
        if (life.deaths == 0) {
          assertThat(write).isGreaterThan(12);
          return;
        }
      }
    }
  }

  @EngineTest
  void lostConnectionBeforeAndAfterEachStatementIsMadeGood(Database database, @TempDir Path folder)
      throws IOException {
    var undisturbed = wholeLife(database, folder, 0).end;
    var statements =
        List.of(
            "ADD COLUMN email_address",
            "CREATE TRIGGER",
            "SET email_address = email",
            "DROP COLUMN email");
    List<BiFunction<Relay, Predicate<String>, RelayFault>> cuts =
        List.of(Relay::cutBeforeRequest, Relay::cutAfterRequest, Relay::cutDuringRequest);
    for (var i = 0; i < statements.size(); i++) {
      for (var j = 0; j < cuts.size(); j++) {
        try (var other = Database.fresh(database.server());
            var relay = Relay.inFrontOf(other.server())) {
          var own = Files.createDirectory(folder.resolve(i + "-" + j));
          var fixture = DeploymentTest.ready(other, own);
          fixture.url = relay.url(other);
          var fault = cuts.get(j).apply(relay, Relay.containing(statements.get(i)));
          fixture.deployment().expand(List.of(V12), false);
          fixture.deployment().contract(List.of(V12), null);
          assertThat(fault.happened()).as(statements.get(i)).isTrue();
          assertThat(other.snapshot()).isEqualTo(undisturbed);
        }
      }
    }
  }

  @EngineTest
  void scratchSchemaOfDeadRunIsRemovedByTheNextCommandWhateverItIs(
      Database database, @TempDir Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    var left = "halcyon_scratch_1_" + database.schema();
    database.execute("CREATE DATABASE " + left);

    fixture.deployment().verify(List.of());

    assertThat(database.strings("SHOW DATABASES LIKE '" + left.replace("_", "\\_") + "'"))
        .isEmpty();
  }

  private record Life(String end, int deaths) {}

  /** Expands and contracts; dies once, after that many writes of a command. */
  private static Life wholeLife(Database database, Path folder, int dieAfter) {
    var fixture = DeploymentTest.ready(database, folder);
    var deaths = 0;
    var writes = new AtomicInteger();
    fixture.journalWrites =
        count -> {
          if (writes.incrementAndGet() == dieAfter) {
            throw new Death();
          }
        };
    for (var command : List.of("expand", "contract")) {
      try {
        run(fixture, command);
      } catch (Death death) {
        deaths++;
        fixture.journalWrites = count -> {};
        run(fixture, command);
      }
    }
    assertThat(fixture.state()).isEqualTo("contracted");
    return new Life(database.snapshot(), deaths);
  }

  private static void run(Fixture fixture, String command) {
    switch (command) {
      case "expand" -> fixture.deployment().expand(List.of(), false);
      case "contract" -> fixture.deployment().contract(List.of(), null);
      default -> throw new AssertionError(command);
    }
  }
}
