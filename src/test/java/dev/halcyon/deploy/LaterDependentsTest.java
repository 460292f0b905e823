package dev.halcyon.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Views and triggers that come, or change, while a window is open. */
class LaterDependentsTest {
  @EngineTest
  void contractLeavesAViewThatAlreadyReadsTheNewColumn(Database database, @TempDir Path folder) {
    var deployment = withView(database, folder);
    database.execute(
        "CREATE OR REPLACE VIEW mail AS SELECT id, email_address AS address FROM users");

    assertThat(deployment.contract(List.of(), null).status()).isEqualTo(ExitStatus.DONE);
    assertThat(database.strings("SELECT id, address FROM mail WHERE id = 1"))
        .containsExactly("1 | a@x");
  }

  @EngineTest
  void repeatableViewOfTheSameRunStays(Database database, @TempDir Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    database.execute("CREATE VIEW mail AS SELECT id, email FROM users");
    fixture.write(
        "R__mail.sql", "CREATE OR REPLACE VIEW mail AS SELECT email_address FROM users;\n");
    var deployment = new Deployment(fixture.settings());

    assertThat(deployment.expand(List.of(), false).status()).isEqualTo(ExitStatus.DONE);
    assertThat(deployment.contract(List.of(), null).status()).isEqualTo(ExitStatus.DONE);
    assertThat(database.strings("SELECT * FROM mail")).contains("a@x");
  }

  @EngineTest
  void contractRefusesWhileAnotherTextStillReadsTheOldColumn(
      Database database, @TempDir Path folder) {
    var deployment = withView(database, folder);
    database.execute("CREATE OR REPLACE VIEW mail AS SELECT id, email, 1 AS more FROM users");
    refused(database, deployment, "mail");

    database.execute(
        "CREATE OR REPLACE VIEW mail AS SELECT id, email_address, 1 AS more FROM users");
    assertThat(deployment.contract(List.of(), null).status()).isEqualTo(ExitStatus.DONE);
  }

  @EngineTest
  void contractRefusesWhileANewViewReadsTheOldColumn(Database database, @TempDir Path folder) {
    var deployment = withView(database, folder);
    database.execute("CREATE VIEW late AS SELECT u.email FROM users u");
    refused(database, deployment, "late");

    database.execute("DROP VIEW late");
    assertThat(deployment.contract(List.of(), null).status()).isEqualTo(ExitStatus.DONE);
  }

  @EngineTest
  void contractRefusesWhileANewTriggerNamesTheOldColumn(Database database, @TempDir Path folder) {
    var deployment = withView(database, folder);
    database.execute(
        "CREATE TRIGGER late BEFORE INSERT ON users FOR EACH ROW SET NEW.email = LOWER(NEW.email)");
    refused(database, deployment, "late");
  }

  @EngineTest
  void contractRefusesWhileATriggerOfAnotherTableNamesTheOldColumn(
      Database database, @TempDir Path folder) {
    var deployment = withView(database, folder);
    database.execute(
        "CREATE TABLE visits (id INT)",
        "CREATE TRIGGER late BEFORE INSERT ON visits FOR EACH ROW"
            + " UPDATE users SET email = 'seen' WHERE id = NEW.id");
    refused(database, deployment, "late");
  }

  @EngineTest
  void contractRefusesWhileARoutineNamesTheOldColumn(Database database, @TempDir Path folder) {
    var deployment = withView(database, folder);
    database.execute("CREATE PROCEDURE late() SELECT email FROM users");
    refused(database, deployment, "late");
    assertThat(deployment.contract(List.of(), "nobody calls it").status())
        .isEqualTo(ExitStatus.DONE);
  }

  @EngineTest
  void rollbackRefusesWhileAViewReadsTheNewColumn(Database database, @TempDir Path folder) {
    var deployment = withView(database, folder);
    database.execute("CREATE VIEW late AS SELECT email_address FROM users");
    var before = database.snapshot();
    assertThatThrownBy(() -> deployment.rollback(List.of(), false))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.exitStatus()).isEqualTo(ExitStatus.GATE_CLOSED);
              assertThat(refusal).hasMessageContaining("late");
            });
    assertThat(database.snapshot()).isEqualTo(before);

    database.execute("DROP VIEW late");
    assertThat(deployment.rollback(List.of(), false).status()).isEqualTo(ExitStatus.DONE);
    assertThat(database.strings("SELECT email FROM mail WHERE id = 1")).containsExactly("a@x");
  }

  @EngineTest
  void aTableTakesItsTriggersAlong(Database database, @TempDir Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    var deployment = new Deployment(fixture.settings());
    deployment.expand(List.of(), false);
    deployment.contract(List.of(), null);
    fixture.write("V13__people.sql", "RENAME TABLE users TO people;\n");
    database.execute(
        "CREATE TRIGGER lower BEFORE INSERT ON users FOR EACH ROW"
            + " SET NEW.email_address = LOWER(NEW.email_address)");
    assertThat(deployment.expand(List.of(), false).status()).isEqualTo(ExitStatus.DONE);

    database.execute("CREATE VIEW late AS SELECT email_address FROM users");
    refused(database, deployment, "late");
    database.execute("CREATE OR REPLACE VIEW late AS SELECT email_address FROM people");
    assertThat(deployment.contract(List.of(), null).status()).isEqualTo(ExitStatus.DONE);

    database.execute("INSERT INTO people (id, email_address) VALUES (9, 'E@X')");
    assertThat(database.strings("SELECT * FROM late WHERE email_address = 'e@x'")).hasSize(1);
    assertThat(database.value("SELECT email_address FROM people WHERE id = 9")).isEqualTo("e@x");
  }

  @EngineTest
  void expandTellsWhatContractWillWaitFor(Database database, @TempDir Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    database.execute(
        "CREATE TABLE visits (id INT)",
        "CREATE TRIGGER seen BEFORE INSERT ON visits FOR EACH ROW"
            + " UPDATE users SET email = 'seen' WHERE id = NEW.id");
    var expanded = new Deployment(fixture.settings()).expand(List.of(), false);
    assertThat(expanded.status()).isEqualTo(ExitStatus.DONE);
    assertThat(expanded.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level()).isEqualTo(Finding.Level.INFORMATION);
              assertThat(finding.message()).contains("the trigger seen names users.email");
              assertThat(finding.remedy()).contains("halcyon contract V12");
            });
  }

  private static Deployment withView(Database database, Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    database.execute("CREATE VIEW mail AS SELECT id, email FROM users");
    var deployment = new Deployment(fixture.settings());
    assertThat(deployment.expand(List.of(), false).status()).isEqualTo(ExitStatus.DONE);
    return deployment;
  }

  private static void refused(Database database, Deployment deployment, String name) {
    var before = database.snapshot();
    var outcome = deployment.contract(List.of(), null);
    assertThat(outcome.status()).isEqualTo(ExitStatus.GATE_CLOSED);
    assertThat(outcome.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(ErrorCode.DEPENDENT_BREAKS.code());
              assertThat(finding.message()).contains(name);
            });
    assertThat(database.snapshot()).isEqualTo(before);
  }
}
