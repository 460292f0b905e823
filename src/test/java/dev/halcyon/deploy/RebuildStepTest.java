package dev.halcyon.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.plan.Limits;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What the server could only do by copying the table under a lock, a plan does as a rebuild. */
class RebuildStepTest {
  /** Neither server does this beside writers. */
  private static final String COUNTED = "ALTER TABLE t MODIFY id BIGINT NOT NULL AUTO_INCREMENT;\n";

  @TempDir Path folder;

  private static void table(Database database) {
    database.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, KEY (v))");
    for (var i = 1; i <= 300; i++) {
      database.execute("INSERT INTO t VALUES (" + i + ", " + i + ")");
    }
  }

  private Deployment deployment(Fixture fixture) {
    var base = fixture.settings();
    return new Deployment(
        new DeploySettings(
            base.server(),
            base.migrations(),
            base.holder(),
            base.leaseTimes(),
            base.patience(),
            base.pace(),
            base.throttle(),
            new Limits(0),
            base.events(),
            base.stop(),
            base.journalWrites(),
            base.usage()));
  }

  private Fixture fixture(Database database, String expand) {
    var fixture = new Fixture(database, folder);
    folder.resolve(Fixture.FILE).toFile().delete();
    fixture.write("V1__wider.expand.sql", expand);
    fixture.write("V1__wider.contract.sql", "");
    return fixture;
  }

  private static List<String> refused(Deployment deployment) {
    return catchThrowableOfType(Refusal.class, () -> deployment.plan(List.of(), false))
        .findings()
        .stream()
        .map(Finding::message)
        .toList();
  }

  @EngineTest
  void aCopyUnderALockBecomesARebuild(Database database) {
    table(database);
    var fixture = fixture(database, COUNTED);
    var deployment = deployment(fixture);
    deployment.init();

    var steps = deployment.plan(List.of(), false).getFirst().expand();
    assertThat(steps).singleElement().isInstanceOf(Step.Rebuild.class);

    try (var load =
        Load.start(
            database,
            2,
            7,
            (random, connection) -> {
              try (var statement = connection.createStatement()) {
                statement.execute("UPDATE t SET v = v + 1 WHERE id = " + (1 + random.nextInt(300)));
              }
            })) {
      load.awaitDone(20);
      assertThat(deployment.expand(List.of(), false).status()).isEqualTo(ExitStatus.DONE);
      load.awaitDone(20);
      var _ = load.stop().requireNoErrorsBut();
    }
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint", "AUTO_INCREMENT");
    assertThat(database.count("t")).isEqualTo(300);
    assertThat(database.strings("SHOW TABLES LIKE '%hal%new'")).isEmpty();
    assertThat(database.strings("SHOW TABLES LIKE 'halcyon_rebuild'")).isEmpty();
    assertThat(deployment.expand(List.of(), false).message()).isEqualTo("nothing pending");
  }

  @EngineTest(Engine.MYSQL)
  void aRollbackRebuildsBackOrGivesUpWhatWasBegun(Database database) {
    table(database);
    var fixture = new Fixture(database, folder);
    fixture.write(Fixture.FILE, "ALTER TABLE t MODIFY v BIGINT NOT NULL;\n");
    var deployment = deployment(fixture);
    deployment.init();
    fixture.stop = () -> fixture.events.stream().anyMatch(RebuildStepTest::compares);
    assertThatThrownBy(() -> deployment(fixture).expand(List.of(), false))
        .hasMessageContaining("stopped");
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).hasSize(2);
    deployment.rollback(List.of(), false);
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
    assertThat(database.strings("SHOW TABLES LIKE 'halcyon_rebuild'")).isEmpty();

    deployment.expand(List.of(), false);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    deployment.rollback(List.of(), false);
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
    assertThat(database.count("t")).isEqualTo(300);
  }

  private static boolean compares(Event event) {
    return event instanceof Event.StepStarted started && started.step().equals("verify");
  }

  @EngineTest
  void aTriggerOnTheTableComesAlongWithThePlan(Database database) {
    table(database);
    database.execute("CREATE TRIGGER watch BEFORE INSERT ON t FOR EACH ROW SET NEW.v = NEW.v");
    var deployment = deployment(fixture(database, COUNTED));
    deployment.init();
    deployment.expand(List.of(), false);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    assertThat(
            database.value(
                "SELECT event_object_table FROM information_schema.triggers WHERE"
                    + " trigger_schema = DATABASE()"))
        .isEqualTo("t");
  }

  @EngineTest(Engine.MYSQL)
  void aKeyThatPointsAtTheTableComesAlongWithThePlanOrIsRefusedByName(Database database) {
    table(database);
    database.execute(
        "ALTER TABLE t ADD COLUMN w VARCHAR(20)",
        "CREATE TABLE child (id INT PRIMARY KEY, t INT,"
            + " CONSTRAINT of_t FOREIGN KEY (t) REFERENCES t (id))");
    var fixture = fixture(database, COUNTED);
    assertThat(refused(deployment(fixture))).anyMatch(m -> m.contains("of_t"));
    fixture.write("V1__wider.expand.sql", "ALTER TABLE t MODIFY v BIGINT NOT NULL;\n");
    var deployment = deployment(fixture);
    deployment.init();
    deployment.expand(List.of(), false);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
    assertThat(database.value("SHOW CREATE TABLE child"))
        .contains("`of_t`", "REFERENCES `t` (`id`)");
  }

  @EngineTest(Engine.MYSQL)
  void aKeyThatWouldHaveAnotherOrderIsRefusedWithThePlan(Database database) {
    database.execute(
        "CREATE TABLE u (k VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, v INT)"
            + " DEFAULT CHARSET=utf8mb4",
        "INSERT INTO u VALUES ('a', 1)");
    assertThat(
            refused(
                deployment(
                    fixture(
                        database,
                        "ALTER TABLE u MODIFY k VARCHAR(20) COLLATE utf8mb4_general_ci NOT NULL;\n"))))
        .singleElement()
        .asString()
        .contains("the key column k another order");
  }

  @EngineTest(Engine.MYSQL)
  void aCheckThatWouldLoseItsNameIsRefusedWithThePlan(Database database) {
    table(database);
    database.execute("ALTER TABLE t ADD CONSTRAINT positive CHECK (v > 0), ADD CHECK (v < 1000)");
    assertThat(refused(deployment(fixture(database, "ALTER TABLE t MODIFY v BIGINT NOT NULL;\n"))))
        .isNotEmpty()
        .allMatch(m -> m.contains("constraint t."));
  }

  @EngineTest(Engine.MYSQL)
  void aCheckWithoutANameOfItsOwnComesAlong(Database database) {
    table(database);
    database.execute("ALTER TABLE t ADD CHECK (v < 1000)");
    var deployment = deployment(fixture(database, "ALTER TABLE t MODIFY v BIGINT NOT NULL;\n"));
    deployment.init();
    deployment.expand(List.of(), false);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint", "`t_chk_1` CHECK");
  }
}
