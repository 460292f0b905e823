package dev.halcyon.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from a file to contract, with plans that Halcyon derives. */
class DerivedDeploymentTest {

  @EngineTest
  void renameLivesThroughAllPhases(Database database, @TempDir Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    var deployment = new Deployment(fixture.settings());

    var plan = deployment.plan(List.of(), false).getFirst();
    assertThat(plan.steps(Phase.EXPAND)).isNotEmpty();
    assertThat(deployment.expand(List.of(), false).status()).isEqualTo(ExitStatus.DONE);
    database.execute("INSERT INTO users (id, email) VALUES (7, 'old@x')");
    database.execute("INSERT INTO users (id, email_address) VALUES (8, 'new@x')");
    assertThat(database.strings("SELECT email, email_address FROM users WHERE id > 6"))
        .containsExactly("old@x | old@x", "new@x | new@x");

    deployment.rollback(List.of(), false);
    assertThat(fixture.columns()).containsExactly("id", "email");
    assertThat(database.value("SELECT email FROM users WHERE id = 8")).isEqualTo("new@x");

    deployment.expand(List.of(), false);
    assertThat(deployment.contract(List.of(), null).status()).isEqualTo(ExitStatus.DONE);
    assertThat(fixture.columns()).containsExactly("id", "email_address");
    assertThat(database.ownObjects()).hasSize(5);
  }

  @EngineTest
  void changesThatBuildOnEachOtherArePlannedTogether(Database database, @TempDir Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    fixture.write(
        "V13__orders.sql", "CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(20));\n");
    fixture.write("V14__order_state.sql", "ALTER TABLE orders ADD COLUMN state INT;\n");
    fixture.write("V15__names.sql", "CREATE VIEW notes AS SELECT note FROM orders;\n");
    var deployment = new Deployment(fixture.settings());

    assertThat(deployment.plan(List.of(), false)).hasSize(4);
    assertThat(deployment.expand(List.of(), false).status()).isEqualTo(ExitStatus.DONE);
    assertThat(database.count("notes")).isZero();
    assertThatThrownBy(() -> deployment.rollback(List.of(new Version("13")), false))
        .hasMessageContaining("V14 was expanded after V13");
  }

  @EngineTest
  void everyFindingIsToldBeforeAnythingChanges(Database database, @TempDir Path folder) {
    var fixture = DeploymentTest.ready(database, folder);
    fixture.write("V13__a.sql", "ALTER TABLE nobody ADD COLUMN a INT;\n");
    fixture.write("V14__b.sql", "ALTER TABLE users ADD COLUMN b INT NOT NULL;\n");
    var before = database.snapshot();

    assertThatThrownBy(() -> new Deployment(fixture.settings()).expand(List.of(), false))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal ->
                assertThat(refusal.findings().stream().filter(Finding::blocks).count())
                    .isGreaterThanOrEqualTo(2));
    assertThat(database.snapshot()).isEqualTo(before);
  }
}
