package dev.halcyon.deploy;

import static dev.halcyon.deploy.Fixture.V12;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Delta;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {
  private static final List<String> ONLY_JOURNAL =
      List.of(
          "table halcyon_contract_version",
          "table halcyon_expand_version",
          "table halcyon_lease",
          "table halcyon_repeatable",
          "table halcyon_step");

  @EngineTest
  void expandsVerifiesAndContracts(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    var deployment = fixture.deployment();

    var expanded = deployment.expand(List.of(), false);
    assertThat(expanded.status()).isEqualTo(ExitStatus.DONE);
    assertThat(fixture.state()).isEqualTo("verified");
    assertThat(database.strings("SELECT DISTINCT email = email_address FROM users"))
        .containsExactly("1");
    assertThat(deployment.verify(List.of(V12)).status()).isEqualTo(ExitStatus.DONE);
    assertThat(deployment.status().objects()).contains("trigger hal_12_users_bi");

    assertThat(deployment.contract(List.of(V12), null).status()).isEqualTo(ExitStatus.DONE);
    assertThat(fixture.state()).isEqualTo("contracted");
    assertThat(fixture.columns()).containsExactly("id", "email_address");
    assertThat(database.ownObjects()).isEqualTo(ONLY_JOURNAL);
    assertThat(fixture.planned).isEqualTo(1);
  }

  @EngineTest
  void rollsBackAndBeginsAgain(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    var deployment = fixture.deployment();
    deployment.expand(List.of(V12), false);

    assertThat(deployment.rollback(List.of(), false).status()).isEqualTo(ExitStatus.DONE);
    assertThat(fixture.state()).isEqualTo("rolled-back");
    assertThat(fixture.columns()).containsExactly("id", "email");
    assertThat(database.ownObjects()).isEqualTo(ONLY_JOURNAL);
    assertRefused(ErrorCode.NOTHING_TO_DO, () -> deployment.rollback(List.of(V12), false));

    deployment.expand(List.of(), false);
    deployment.contract(List.of(), null);
    assertThat(fixture.state()).isEqualTo("contracted");
    assertRefused(ErrorCode.NOTHING_TO_DO, () -> deployment.contract(List.of(V12), null));
    assertRefused(ErrorCode.STATE_WRONG, () -> deployment.rollback(List.of(V12), false));
  }

  @EngineTest
  void namesTheRowsThatDifferAndKeepsTheGateClosed(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    var deployment = fixture.deployment();
    deployment.expand(List.of(), false);
    database.execute("UPDATE users SET email_address = 'z' WHERE id IN (2, 4)");

    var verified = deployment.verify(List.of());
    assertThat(verified.status()).isEqualTo(ExitStatus.FINDINGS);
    assertThat(verified.findings()).hasSize(1);
    assertThat(verified.findings().getFirst().message()).contains("2 of 4 rows", "id 2, 4");
    assertThat(fixture.state()).isEqualTo("expanded");

    var contracted = deployment.contract(List.of(V12), null);
    assertThat(contracted.status()).isEqualTo(ExitStatus.GATE_CLOSED);
    assertThat(fixture.columns()).containsExactly("id", "email", "email_address");

    database.execute("UPDATE users SET email_address = email");
    assertThat(deployment.expand(List.of(V12), false).status()).isEqualTo(ExitStatus.DONE);
    assertThat(fixture.state()).isEqualTo("verified");
  }

  @EngineTest
  void failedStepIsToldAndGoneOnWithByTheStoredPlan(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    fixture.changed = plan -> withExpand(plan, unique());
    database.execute("INSERT INTO users VALUES (5, 'a@x')");
    var deployment = fixture.deployment();

    assertThatThrownBy(() -> deployment.expand(List.of(V12), false))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.STEP_FAILED);
              assertThat(failure.getMessage()).contains("expand.4", "1062 (23000)", "Duplicate");
              assertThat(failure.next()).contains("halcyon expand V12", "halcyon rollback V12");
            });
    assertThat(fixture.state()).isEqualTo("failed");
    assertThat(database.value("SELECT error FROM halcyon_step WHERE step_id = 'expand.4'"))
        .contains("Duplicate");
    assertRefused(ErrorCode.STATE_WRONG, () -> deployment.contract(List.of(V12), null));

    database.execute("DELETE FROM users WHERE id = 5");
    assertThat(deployment.expand(List.of(V12), false).status()).isEqualTo(ExitStatus.DONE);
    assertThat(fixture.state()).isEqualTo("verified");
    assertThat(fixture.planned).isEqualTo(1);
  }

  @EngineTest
  void halfExpandedChangeCanBeRolledBack(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    var before = database.value("SELECT COUNT(*) FROM users");
    fixture.changed = plan -> withExpand(plan, unique());
    database.execute("INSERT INTO users VALUES (5, 'a@x')");
    var deployment = fixture.deployment();
    assertThatThrownBy(() -> deployment.expand(List.of(V12), false)).isInstanceOf(Failure.class);
    database.execute("DROP TRIGGER hal_12_users_bi", "DELETE FROM users WHERE id = 5");

    deployment.rollback(List.of(V12), false);
    assertThat(fixture.columns()).containsExactly("id", "email");
    assertThat(database.value("SELECT COUNT(*) FROM users")).isEqualTo(before);
    assertThat(fixture.state()).isEqualTo("rolled-back");
  }

  @EngineTest
  void tellsDriftByElement(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    fixture.changed =
        plan -> {
          database.execute("ALTER TABLE users ADD COLUMN email_address INT");
          return plan;
        };
    assertThatThrownBy(() -> fixture.deployment().expand(List.of(V12), false))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.DRIFT);
              assertThat(failure.getMessage())
                  .contains("column users.email_address", "before absent", "now \"int");
            });
    assertThat(fixture.state()).isEqualTo("failed");
  }

  @EngineTest
  void resumedRunFindsThatAFinishedStepWasUndone(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    var deployment = fixture.deployment();
    fixture.changed = plan -> withExpand(plan, unique());
    database.execute("INSERT INTO users VALUES (5, 'a@x')");
    assertThatThrownBy(() -> deployment.expand(List.of(V12), false)).isInstanceOf(Failure.class);
    database.execute("ALTER TABLE users DROP COLUMN email_address");

    assertThatThrownBy(() -> deployment.expand(List.of(V12), false))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DRIFT));
  }

  @EngineTest
  void gatesAreRespectedUntilOverridden(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    fixture.changed =
        plan ->
            withContract(
                plan,
                new Step.Gate(
                    "contract.0",
                    "gate",
                    Duration.ofDays(7),
                    Duration.ofDays(2),
                    List.of("users.email")));
    var deployment = fixture.deployment();
    deployment.expand(List.of(V12), false);

    var refused = deployment.contract(List.of(V12), null);
    assertThat(refused.status()).isEqualTo(ExitStatus.GATE_CLOSED);
    assertThat(refused.findings()).hasSize(2);
    assertThat(refused.findings().get(1).message())
        .contains("users.email", "used in the last 7 d:");
    assertThat(fixture.state()).isEqualTo("verified");

    assertThat(deployment.contract(List.of(V12), "Ann looked").status()).isEqualTo(ExitStatus.DONE);
    assertThat(database.value("SELECT gate_override FROM halcyon_contract_version"))
        .isEqualTo("Ann looked");
  }

  @EngineTest
  void refusesWhatCannotBegin(Database database, @TempDir Path folder) {
    var fixture = new Fixture(database, folder);
    var deployment = fixture.deployment();
    assertRefused(ErrorCode.NOT_INITIALISED, () -> deployment.expand(List.of(), false));
    deployment.init();
    assertRefused(
        ErrorCode.VERSION_UNKNOWN, () -> deployment.expand(List.of(new Version("99")), false));
    assertRefused(ErrorCode.STATE_WRONG, () -> deployment.contract(List.of(V12), null));

    deployment.expand(List.of(), false);
    assertThat(deployment.expand(List.of(), false).message()).isEqualTo("nothing pending");
    assertRefused(ErrorCode.NOTHING_TO_DO, () -> deployment.expand(List.of(V12), false));

    fixture.write("V11__older.sql", "ALTER TABLE users ADD COLUMN x INT;\n");
    assertRefused(ErrorCode.OUT_OF_ORDER, () -> deployment.expand(List.of(), false));
    fixture.write(Fixture.FILE, "ALTER TABLE users DROP COLUMN email;\n");
    assertRefused(
        ErrorCode.CHECKSUM_CHANGED,
        () -> deployment.contract(List.of(V12), null),
        () -> deployment.expand(List.of(new Version("11")), true));
    fixture.write("V13__bad.sql", "-- halcyon: fil users.x\nALTER TABLE users ADD x INT;\n");
    assertRefused(
        ErrorCode.DIRECTIVE_UNKNOWN, () -> deployment.expand(List.of(new Version("13")), false));
  }

  @EngineTest
  void stopsBetweenStepsAndGoesOn(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    var stopped = new AtomicBoolean();
    fixture.stop = stopped::get;
    fixture.journalWrites = count -> stopped.set(count >= 3);

    assertThatThrownBy(() -> fixture.deployment().expand(List.of(V12), false))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.STOPPED);
              assertThat(failure.next()).isEqualTo("halcyon expand V12");
            });
    assertThat(fixture.state()).isEqualTo("expanding");

    stopped.set(false);
    fixture.journalWrites = count -> {};
    fixture.deployment().expand(List.of(), false);
    assertThat(fixture.state()).isEqualTo("verified");
  }

  @EngineTest
  void secondRunMeanwhileIsRefused(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    var statuses = new ArrayList<ExitStatus>();
    fixture.journalWrites =
        count -> {
          if (count == 2) {
            try {
              new Deployment(
                      fixture.settings(),
                      (scripts, windows) -> {
                        throw new AssertionError(scripts);
                      })
                  .rollback(List.of(), false);
            } catch (Refusal refusal) {
              statuses.add(refusal.exitStatus());
            }
          }
        };
    fixture.deployment().expand(List.of(V12), false);
    assertThat(statuses).containsExactly(ExitStatus.LEASE_HELD);
    assertThat(fixture.state()).isEqualTo("verified");
  }

  @EngineTest
  void appliesRepeatableFilesThatChanged(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    fixture.write("R__names.sql", "CREATE VIEW names AS SELECT email_address FROM users;\n");
    var deployment = fixture.deployment();
    deployment.expand(List.of(), false);
    assertThat(database.count("names")).isEqualTo(4);

    fixture.write("R__names.sql", "CREATE VIEW names AS SELECT id FROM users WHERE id < 3;\n");
    assertThat(deployment.expand(List.of(), false).message()).contains("1 repeatable");
    assertThat(database.count("names")).isEqualTo(2);
    assertThat(deployment.expand(List.of(), false).message()).isEqualTo("nothing pending");
  }

  @EngineTest
  void statusTellsEveryChangeAndStep(Database database, @TempDir Path folder) {
    var fixture = ready(database, folder);
    fixture.write("V13__later.sql", "ALTER TABLE users ADD COLUMN y INT;\n");
    fixture.deployment().expand(List.of(V12), false);

    var status = fixture.deployment().status();
    assertThat(status.changes())
        .extracting(c -> c.version() + " " + c.state().label() + " " + c.steps().size())
        .containsExactly("V12 verified 8", "V13 pending 0");
    assertThat(status.holder()).isNull();
    assertThat(fixture.events).hasAtLeastOneElementOfType(Event.StepAdvanced.class);
    assertThat(status.findings()).extracting(Finding::code).isEmpty();
  }

  static Fixture ready(Database database, Path folder) {
    var fixture = new Fixture(database, folder);
    fixture.deployment().init();
    return fixture;
  }

  private static Step.Ddl unique() {
    return new Step.Ddl(
        "expand.4",
        "add unique users.email",
        "users",
        "ALTER TABLE users ADD UNIQUE KEY email (email)",
        Algorithm.NONE,
        Step.Conditions.STRICT,
        List.of(new Delta("key users.email", null, "UNIQUE KEY `email` (`email`)")));
  }

  private static Plan withExpand(Plan plan, Step more) {
    var expand = new ArrayList<>(plan.expand());
    expand.add(more);
    return with(plan, expand, plan.contract());
  }

  private static Plan withContract(Plan plan, Step first) {
    var contract = new ArrayList<>(plan.contract());
    contract.addFirst(first);
    return with(plan, plan.expand(), contract);
  }

  private static Plan with(Plan plan, List<Step> expand, List<Step> contract) {
    return new Plan(
        plan.version(),
        plan.description(),
        plan.fileChecksum(),
        plan.schema(),
        expand,
        plan.verify(),
        contract,
        plan.rollback(),
        plan.touches(),
        plan.notes());
  }

  private static void assertRefused(ErrorCode code, Runnable... commands) {
    for (var command : commands) {
      assertThatThrownBy(command::run)
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal ->
                  assertThat(refusal.findings()).extracting(Finding::code).contains(code.code()));
    }
  }
}
