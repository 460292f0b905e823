package dev.halcyon.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Finding;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.io.TempDir;

/** Projects that other tools have kept so far; their tables as those tools make them. */
class BaselineTest {
  private static final String FLYWAY =
      """
      CREATE TABLE `flyway_schema_history` (
        `installed_rank` INT NOT NULL, `version` VARCHAR(50), `description` VARCHAR(200) NOT NULL,
        `type` VARCHAR(20) NOT NULL, `script` VARCHAR(1000) NOT NULL, `checksum` INT,
        `installed_by` VARCHAR(100) NOT NULL,
        `installed_on` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        `execution_time` INT NOT NULL, `success` BOOL NOT NULL,
        CONSTRAINT `flyway_schema_history_pk` PRIMARY KEY (`installed_rank`)) ENGINE=InnoDB
      """;
  private static final String LIQUIBASE =
      """
      CREATE TABLE DATABASECHANGELOG (
        ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL,
        DATEEXECUTED datetime NOT NULL, ORDEREXECUTED INT NOT NULL, EXECTYPE VARCHAR(10) NOT NULL,
        MD5SUM VARCHAR(35) NULL, `DESCRIPTION` VARCHAR(255) NULL, COMMENTS VARCHAR(255) NULL,
        TAG VARCHAR(255) NULL, LIQUIBASE VARCHAR(20) NULL, CONTEXTS VARCHAR(255) NULL,
        LABELS VARCHAR(255) NULL, DEPLOYMENT_ID VARCHAR(10) NULL)
      """;
  private static final String DBDEPLOY =
      """
      CREATE TABLE changelog (
        change_number BIGINT NOT NULL, complete_dt TIMESTAMP NOT NULL,
        applied_by VARCHAR(100) NOT NULL, description VARCHAR(500) NOT NULL,
        CONSTRAINT Pkchangelog PRIMARY KEY (change_number))
      """;

  @EngineTest
  void takesOverFlyway(Database database, @TempDir Path folder) {
    var fixture = new Fixture(database, folder);
    fixture.write("V1__users.sql", "CREATE TABLE x (id INT);\n");
    fixture.write("V2__more.sql", "SELECT changed since;\n");
    fixture.write("R__same.sql", "CREATE VIEW same AS SELECT id FROM users;\n");
    fixture.write("R__changed.sql", "CREATE VIEW changed AS SELECT id FROM users;\n");
    database.execute(
        FLYWAY,
        flyway(1, "'1'", "SQL", "V1__users.sql", "CREATE TABLE x (id INT);"),
        flyway(2, "'2'", "SQL", "V2__more.sql", "as it was"),
        flyway(3, "'2.1'", "SQL", "V2.1__gone.sql", "no longer in the folder"),
        flyway(4, "NULL", "SQL", "R__same.sql", "CREATE VIEW same AS SELECT id FROM users;"),
        flyway(5, "NULL", "SQL", "R__changed.sql", "as it was"),
        flyway(6, "'12'", "SQL", "V12__email_address.sql", "undone"),
        flyway(7, "'12'", "UNDO_SQL", "U12__email_address.sql", "undo"));

    var outcome = fixture.deployment().init();
    assertThat(changes(fixture))
        .containsExactly("V1 contracted", "V2 contracted", "V2.1 contracted", "V12 pending");
    assertThat(outcome.findings())
        .extracting(Finding::message)
        .contains(
            "V2__more.sql is not the text that Flyway applied.",
            "flyway_schema_history: 3 changes and 1 repeatable files taken over.");
    assertThat(database.strings("SELECT name FROM halcyon_repeatable")).containsExactly("same");

    assertThat(fixture.deployment().init().changes()).isEmpty();
    fixture.deployment().expand(List.of(), false);
    assertThat(database.count("changed")).isEqualTo(4);
  }

  @EngineTest
  void baselineOfFlywayStandsForAllBeforeIt(Database database, @TempDir Path folder) {
    var fixture = new Fixture(database, folder);
    fixture.write("V1__users.sql", "CREATE TABLE x (id INT);\n");
    fixture.write("V3__more.sql", "CREATE TABLE y (id INT);\n");
    database.execute(
        FLYWAY, flyway(1, "'2'", "BASELINE", "<< Flyway Baseline >>", "<< Flyway Baseline >>"));
    fixture.deployment().init();
    assertThat(changes(fixture))
        .containsExactly("V1 contracted", "V2 contracted", "V3 pending", "V12 pending");
  }

  @EngineTest
  void takesOverLiquibase(Database database, @TempDir Path folder) {
    var fixture = new Fixture(database, folder);
    fixture.write("V1__users.sql", "CREATE TABLE x (id INT);\n");
    fixture.write("V2__more.sql", "CREATE TABLE y (id INT);\n");
    fixture.write("V3__not_yet.sql", "CREATE TABLE z (id INT);\n");
    database.execute(
        LIQUIBASE,
        liquibase("raw", "classpath:db/changelog/V1__users.sql", 1),
        liquibase("V2__more", "db/changelog.xml", 2),
        liquibase("3", "db/changelog.xml", 3));
    var outcome = fixture.deployment().init();
    assertThat(changes(fixture))
        .containsExactly("V1 contracted", "V2 contracted", "V3 pending", "V12 pending");
    assertThat(outcome.findings().getFirst().message())
        .startsWith("DATABASECHANGELOG: 3 change sets, of which 2 files");
  }

  @EngineTest
  void takesOverDbdeployAndLeavesOtherChangelogsAlone(Database database, @TempDir Path folder) {
    var fixture = new Fixture(database, folder);
    database.execute(
        DBDEPLOY,
        "INSERT INTO changelog VALUES (7, NOW(), 'ann', '007_users.sql'), (12, NOW(), 'ann', 'x')");
    fixture.deployment().init();
    assertThat(changes(fixture)).containsExactly("V7 contracted", "V12 contracted");

    try (var other = Database.fresh(database.server())) {
      other.execute("CREATE TABLE changelog (id INT PRIMARY KEY, text VARCHAR(20))");
      var untouched = new Fixture(other, folder);
      untouched.deployment().init();
      assertThat(changes(untouched)).containsExactly("V12 pending");
    }
  }

  private static List<String> changes(Fixture fixture) {
    return fixture.deployment().status().changes().stream()
        .map(change -> change.version() + " " + change.state().label())
        .toList();
  }

  private static String flyway(int rank, String version, String type, String script, String text) {
    var crc = new CRC32();
    crc.update(text.lines().collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8));
    return "INSERT INTO flyway_schema_history VALUES (%d, %s, 'd', '%s', '%s', %d, 'u', NOW(), 1, 1)"
        .formatted(rank, version, type, script, (int) crc.getValue());
  }

  private static String liquibase(String id, String file, int order) {
    return ("INSERT INTO DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED,"
            + " EXECTYPE) VALUES ('%s', 'ann', '%s', NOW(), %d, 'EXECUTED')")
        .formatted(id, file, order);
  }
}
