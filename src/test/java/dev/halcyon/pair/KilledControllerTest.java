package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.journal.JournalTables;
import dev.halcyon.model.Engine;
import dev.halcyon.model.Version;
import dev.halcyon.proxy.Ledger;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/**
 * The controller dies after a write of the journal and is run again: it ends in the same place as
 * if it had not died, clients notice nothing, and never are two servers writable.
 */
class KilledControllerTest {
  private static final Expansion.Order CHANGE =
      new Expansion.Order(
          Version.parse("12"),
          "note",
          "",
          List.of(
              "ALTER TABLE entry ADD COLUMN note VARCHAR(20)",
              "ALTER TABLE entry ADD COLUMN remark VARCHAR(20) DEFAULT 'none'"));

  /** The last one is the end. */
  private static final int WRITES = 7;

  @EngineTest
  @Timeout(180)
  void sameCommandEndsInTheSamePlace(Engine engine) throws Exception {
    try (var stage = Stage.start(engine)) {
      try (var session = stage.servers().pair(Ledger.SCHEMA).member("a").open("test")) {
        JournalTables.create(session);
      }
      new GivenUpChange(stage).act();
      new LoggedChange(stage).act();
      stage
          .servers()
          .execute(
              "a",
              "SET collation_connection = utf8mb4_bin",
              "CREATE DEFINER = client@'%' EVENT ledger.tick ON SCHEDULE EVERY 1 HOUR DO DO 1");
      stage.servers().awaitApplied("b", Duration.ofSeconds(20));
      stage.servers().execute("a", "SET GLOBAL event_scheduler = ON");
      stage.servers().execute("b", "SET GLOBAL event_scheduler = OFF");
      assertThatThrownBy(() -> stage.switchover().next()).hasMessageContaining("scheduler of b");
      stage.servers().execute("b", "SET GLOBAL event_scheduler = ON");
      changed(stage, "b", Expansion::expand);
      assertThat(told(stage)).isEqualTo("0");
      for (int write = 1; write < WRITES; write++) {
        var target = ServerPair.other(stage.active());
        var deadline = write;
        assertThatThrownBy(
                () -> stage.switchover(Stage.PATIENT, count -> Death.at(count, deadline)).next())
            .isInstanceOf(Death.class);

        var _ = stage.switchover().next();

        stage.requireActive(target);
        assertThat(event(stage, target)).isEqualTo("ENABLED client@% utf8mb4_bin");
        assertThat(event(stage, ServerPair.other(target)))
            .isEqualTo("SLAVESIDE_DISABLED client@% utf8mb4_bin");
        if (write == 1) {
          changed(stage, "a", Expansion::finish);
          assertThat(told(stage)).isEqualTo("1");
        }
      }
      stage.requireUndisturbed();
    }
  }

  /** Dies in between, once after a statement of which the journal does not know the end. */
  private static void changed(
      Stage stage, String server, Function<Expansion, Expansion.Report> command) {
    dies(stage, command, 1);
    dies(stage, command, 2);
    stage.unlogged(server, "USE ledger", CHANGE.statements().getFirst());
    dies(stage, command, 3);

    var report = command.apply(stage.expansion(CHANGE, _ -> {}));

    assertThat(report).isEqualTo(new Expansion.Report(server, 2, 2, ""));
    assertThat(
            stage
                .servers()
                .value(
                    server,
                    "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'ledger'"
                        + " AND column_name IN ('note', 'remark')"))
        .isEqualTo("2");
  }

  private static @Nullable String event(Stage stage, String server) {
    return stage
        .servers()
        .value(
            server,
            "SELECT CONCAT_WS(' ', status, definer, collation_connection)"
                + " FROM information_schema.events WHERE event_name = 'tick'");
  }

  /** Whether the version tables know of the change. */
  private static @Nullable String told(Stage stage) {
    return stage
        .servers()
        .value(
            stage.active(),
            "SELECT COUNT(*) FROM ledger.halcyon_expand_version WHERE version = 12");
  }

  private static void dies(
      Stage stage, Function<Expansion, Expansion.Report> command, int deadline) {
    assertThatThrownBy(
            () -> command.apply(stage.expansion(CHANGE, count -> Death.at(count, deadline))))
        .isInstanceOf(Death.class);
  }
}
