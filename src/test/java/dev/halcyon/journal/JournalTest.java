package dev.halcyon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

class JournalTest {
  private static final Version V12 = new Version("12");

  @EngineTest
  void keepsPlanStepsAndStates(Database database) {
    withJournal(
        database,
        journal -> {
          journal.store(plan(), "{}");
          journal.started(V12, "expand.1");
          journal.finished(V12, "expand.1", 3);
          journal.started(V12, "expand.2");
          journal.failed(V12, Phase.EXPAND, "expand.2", "1062 duplicate");

          var change = journal.read(r -> r.change(V12)).orElseThrow();
          assertThat(change.state()).isEqualTo(ChangeState.FAILED);
          assertThat(change.contractBegun()).isFalse();
          assertThat(change.windowOpen()).isTrue();
          String stored = journal.read(r -> r.plan(V12));
          assertThat(stored).isEqualTo("{}");
          List<StepRecord> steps = journal.read(r -> r.steps(V12));
          assertThat(steps)
              .extracting(StepRecord::id, StepRecord::state, StepRecord::rowsDone)
              .containsExactly(
                  tuple("expand.1", StepState.FINISHED, 3L),
                  tuple("expand.2", StepState.FAILED, 0L),
                  tuple("contract.1", StepState.PENDING, 0L));

          journal.expansion(V12, ChangeState.EXPANDED);
          Optional<Long> open = journal.read(r -> r.secondsOpen(V12));
          assertThat(open).isPresent();
          journal.contractBegins(V12, "Ann says so");
          assertThat(state(journal)).isEqualTo(ChangeState.CONTRACTING);
          journal.failed(V12, Phase.CONTRACT, "contract.1", "1091 no such column");
          assertThat(state(journal)).isEqualTo(ChangeState.FAILED);
          journal.contractBegins(V12, null);
          journal.contracted(V12);
          assertThat(state(journal)).isEqualTo(ChangeState.CONTRACTED);
        });
    assertThat(database.value("SELECT gate_override FROM halcyon_contract_version"))
        .isEqualTo("Ann says so");
  }

  @EngineTest
  void checkpointStandsOrFallsWithItsTransaction(Database database) {
    withJournal(
        database,
        journal -> {
          journal.store(plan(), "{}");
          try (var session = server(database).open("work")) {
            assertThatThrownBy(
                    () ->
                        session.inTransaction(
                            () -> {
                              journal.checkpoint(session, V12, Phase.EXPAND, "expand.2", "a", 10);
                              session.execute("SELECT no_such_column");
                            }))
                .hasMessageContaining("no_such_column");
            assertThat(checkpoint(journal)).isEqualTo("null 0");

            session.inTransaction(
                () -> journal.checkpoint(session, V12, Phase.EXPAND, "expand.2", "b", 20));
            assertThat(checkpoint(journal)).isEqualTo("b 20");
          }
          journal.started(V12, "expand.2");
          assertThat(checkpoint(journal)).isEqualTo("b 20");
        });
  }

  @EngineTest
  void writesAgainWhenItsConnectionWasLost(Database database) {
    withJournal(
        database,
        journal -> {
          journal.applied("a", "1");
          killJournalConnections(database);
          journal.applied("a", "2");
          killJournalConnections(database);
          assertThat(journal.read(JournalReader::repeatables))
              .extracting(RepeatableRecord::checksum)
              .containsExactly("2");
        });
  }

  @EngineTest
  void tellsEveryWrite(Database database) {
    var counts = new ArrayList<Integer>();
    try (var lease = acquire(database);
        var journal = new Journal(lease, "test", counts::add)) {
      journal.store(plan(), "{}");
      journal.started(V12, "expand.1");
      journal.finished(V12, "expand.1", 0);
    }
    assertThat(counts).containsExactly(1, 2, 3);
  }

  @EngineTest
  void refusesPlanThatWasChangedByHandAndNewerLayout(Database database) {
    withJournal(
        database,
        journal -> {
          journal.store(plan(), "{}");
          database.execute("UPDATE halcyon_expand_version SET plan = '{ }'");
          assertThatThrownBy(() -> journal.<String>read(r -> r.plan(V12)))
              .hasMessageContaining("changed by hand");
        });
    database.execute("ALTER TABLE halcyon_lease COMMENT = 'Halcyon layout 99'");
    assertThatThrownBy(() -> acquire(database))
        .hasMessageContaining(ErrorCode.STATE_WRONG.code())
        .hasMessageContaining("99");
  }

  @EngineTest
  void takesOverWhatOtherToolsApplied(Database database) {
    withJournal(
        database,
        journal -> {
          journal.baseline(
              List.of(
                  new BaselineRecord(new Version("1"), "first", null, "flyway_schema_history"),
                  new BaselineRecord(V12, "second", "c".repeat(64), "flyway_schema_history")));
          assertThat(journal.read(JournalReader::changes))
              .extracting(c -> c.version() + " " + c.state().label() + " " + c.source())
              .containsExactly(
                  "V1 contracted flyway_schema_history", "V12 contracted flyway_schema_history");
        });
  }

  private static ChangeState state(Journal journal) {
    return journal.read(r -> r.change(V12)).orElseThrow().state();
  }

  private static String checkpoint(Journal journal) {
    var step = journal.read(r -> r.steps(V12)).get(1);
    return step.checkpoint() + " " + step.rowsDone();
  }

  private static void killJournalConnections(Database database) {
    var lease = database.value("SELECT connections FROM halcyon_lease");
    var ids = ServerConnection.parse(lease).stream().map(ServerConnection::id).sorted().toList();
    ids.stream().skip(1).forEach(id -> database.execute("KILL " + id));
  }

  private static void withJournal(Database database, Consumer<Journal> work) {
    try (var lease = acquire(database);
        var journal = new Journal(lease, "test", count -> {})) {
      work.accept(journal);
    }
  }

  private static Lease acquire(Database database) {
    var server = server(database);
    try (var session = server.open("init")) {
      JournalTables.create(session);
    }
    return Lease.acquire(server, Holder.current("test"), LeaseTimes.DEFAULT, Events.NONE);
  }

  private static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  private static Plan plan() {
    return new Plan(
        V12,
        "amount",
        "0".repeat(64),
        "schema",
        List.of(
            new Step.Data("expand.1", "one", "t", List.of("DO 1")),
            new Step.Backfill(
                "expand.2", "two", "t", List.of("id"), "t", List.of("DO {range}"), true, 5)),
        List.of(),
        List.of(new Step.Data("contract.1", "three", "t", List.of("DO 1"))),
        List.of(),
        List.of(),
        List.of());
  }
}
