package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dbdeploy.DbDeploy;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.io.TempDir;

/** Projects whose changes Flyway, Liquibase or dbdeploy have applied, by those tools themselves. */
class TakeOverTest {
  private static final Logger LIQUIBASE = Logger.getLogger("liquibase");

  private static final String USERS =
      """
      CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100));
      INSERT INTO users (email) VALUES ('ann@example.com'), (NULL);
      """;
  private static final String NAME = "ALTER TABLE users ADD COLUMN name VARCHAR(100);\n";
  private static final String RENAME = "ALTER TABLE users RENAME COLUMN email TO mail;\n";
  private static final String VIEW =
      "CREATE OR REPLACE VIEW named AS SELECT id, name FROM users;\n";

  @TempDir private Path folder;

  @EngineTest
  void goesOnWhereFlywayStopped(Database database) throws IOException {
    write("V1__users.sql", USERS);
    write("V1.1__name.sql", NAME);
    write("R__named.sql", VIEW);
    flyway(database).load().migrate();
    var shell = Shell.on(database, folder);

    assertThat(done(shell, "halcyon init").err())
        .contains("flyway_schema_history: 2 changes and 1 repeatable files taken over");
    assertThat(done(shell, "halcyon status").out())
        .contains("V1    users  contracted  taken over from flyway_schema_history")
        .contains("V1.1  name   contracted  taken over");
    assertThat(done(shell, "halcyon plan").out()).contains("nothing pending");
    assertThat(done(shell, "halcyon expand").out()).contains("nothing pending");
    assertGoesOn(shell, database);
  }

  @EngineTest
  void aBaselineOfFlywayStandsForTheFilesBeforeIt(Database database) throws IOException {
    database.execute(USERS.split(";\n")[0]);
    write("V1__users.sql", USERS);
    write("V2__name.sql", NAME);
    flyway(database).baselineVersion("1").load().baseline();
    flyway(database).load().migrate();
    var shell = Shell.on(database, folder);

    done(shell, "halcyon init");
    assertThat(done(shell, "halcyon status").out())
        .contains("V1  users  contracted")
        .contains("V2  name   contracted");
    assertGoesOn(shell, database);
  }

  @EngineTest
  void whatFlywayHasTakenBackIsNotDone(Database database) throws IOException {
    write("V1__users.sql", USERS);
    write("V2__gone.sql", "CREATE TABLE gone (id INT PRIMARY KEY);\n");
    write("V3__name.sql", NAME);
    flyway(database).load().migrate();
    Files.delete(folder.resolve("migrations/V2__gone.sql"));
    flyway(database).load().repair();
    // An undo needs a paid edition; its documentation shows this row.
    database.execute(
        "ALTER TABLE users DROP COLUMN name",
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success) VALUES"
            + " (9, '3', 'name', 'UNDO_SQL', 'U3__name.sql', 1, 'ann', 1, 1)");
    var shell = Shell.on(database, folder);

    done(shell, "halcyon init");
    assertThat(done(shell, "halcyon status").out())
        .contains("V1  users  contracted")
        .contains("V3  name   pending")
        .doesNotContain("V2");
    done(shell, "halcyon expand V3");
  }

  @EngineTest
  void aChangeThatFailedInFlywayMustBeRepairedFirst(Database database) throws IOException {
    write("V1__users.sql", USERS);
    write("V2__half.sql", "CREATE TABLE half (id INT PRIMARY KEY);\nCREATE TABLE half (x INT);\n");
    assertThatThrownBy(() -> flyway(database).load().migrate()).isInstanceOf(FlywayException.class);
    var before = database.snapshot();
    var shell = Shell.on(database, folder);

    var refused = shell.run("halcyon init");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("HAL-603", "V2", "failed", "flyway repair", "halcyon init");
    assertThat(database.snapshot()).isEqualTo(before);
    assertThat(folder.resolve("halcyon.toml")).doesNotExist();

    database.execute("DROP TABLE half");
    flyway(database).load().repair();
    write("V2__half.sql", "CREATE TABLE half (id INT PRIMARY KEY);\n");
    done(shell, "halcyon init");
    assertThat(done(shell, "halcyon status").out()).contains("V2  half   pending");
    done(shell, "halcyon expand V2");
  }

  @EngineTest
  void goesOnWhereLiquibaseStopped(Database database) throws Exception {
    write("V1__users.sql", USERS.lines().findFirst().orElseThrow());
    write("V2__name.sql", "--liquibase formatted sql\n--changeset ann:2\n" + NAME);
    write("R__named.sql", VIEW);
    write(
        "changelog.xml",
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
              http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
          <include file="V1__users.sql"/>
          <include file="V2__name.sql"/>
          <include file="R__named.sql"/>
          <changeSet id="elsewhere" author="ann"><sql>SELECT 1</sql></changeSet>
        </databaseChangeLog>
        """);
    liquibase(database, "changelog.xml");
    var shell = Shell.on(database, folder);

    assertThat(done(shell, "halcyon init").err())
        .contains("4 change sets, of which 3 files of the folder are taken over");
    assertThat(done(shell, "halcyon status").out())
        .contains("V1  users  contracted  taken over from DATABASECHANGELOG")
        .contains("V2  name   contracted");
    assertGoesOn(shell, database);
  }

  @EngineTest
  void aFileThatLiquibaseAppliedInPartIsNotTakenOver(Database database) throws Exception {
    var first = "--liquibase formatted sql\n--changeset ann:1\n" + USERS;
    write("V1__users.sql", first);
    liquibase(database, "V1__users.sql");
    write("V1__users.sql", first + "--changeset ann:name\n" + NAME);
    var before = database.snapshot();
    var shell = Shell.on(database, folder);

    var refused = shell.run("halcyon init");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("HAL-603", "V1__users.sql", "1 of 2", "ann:name", "halcyon init");
    assertThat(database.snapshot()).isEqualTo(before);

    liquibase(database, "V1__users.sql");
    done(shell, "halcyon init");
    assertGoesOn(shell, database);
  }

  @EngineTest
  void goesOnWhereDbdeployStopped(Database database) throws Exception {
    // dbdeploy leaves it to its user to run the script of this table that it ships.
    database.execute(
        "CREATE TABLE changelog (change_number BIGINT NOT NULL, complete_dt TIMESTAMP NOT NULL,"
            + " applied_by VARCHAR(100) NOT NULL, description VARCHAR(500) NOT NULL)",
        "ALTER TABLE changelog ADD CONSTRAINT Pkchangelog PRIMARY KEY (change_number)");
    var scripts = Files.createDirectories(folder.resolve("scripts"));
    Files.writeString(scripts.resolve("001_users.sql"), USERS);
    Files.writeString(scripts.resolve("002_name.sql"), NAME + "--//@UNDO\nSELECT 1;\n");
    dbdeploy(database, scripts);
    write("V1__users.sql", USERS);
    var shell = Shell.on(database, folder);

    done(shell, "halcyon init");
    assertThat(done(shell, "halcyon status").out())
        .contains("V1  001_users.sql  contracted  taken over from changelog")
        .contains("V2  002_name.sql   contracted");
    assertGoesOn(shell, database);
  }

  /** What comes after the take-over is Halcyon's, from plan to contract. */
  private void assertGoesOn(Shell shell, Database database) throws IOException {
    write("V3__mail.sql", RENAME);
    assertThat(done(shell, "halcyon plan").out()).contains("V3").doesNotContain("V1", "V2");
    done(shell, "halcyon expand");
    assertThat(done(shell, "halcyon status").out()).contains("V3", "verified");
    done(shell, "halcyon contract V3");
    assertThat(database.strings("SHOW COLUMNS FROM users LIKE '%mail'"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("mail ");
    assertThat(shell.run("halcyon expand V1").status()).isEqualTo(2);
  }

  private static Shell.Result done(Shell shell, String line) {
    var result = shell.run(line);
    assertThat(result.status()).describedAs(line + "\n" + result.err()).isZero();
    return result;
  }

  private FluentConfiguration flyway(Database database) {
    return Flyway.configure()
        .dataSource(url(database), database.user(), database.password())
        .locations("filesystem:" + folder.resolve("migrations"));
  }

  @SuppressWarnings("try") // Its close() declares every exception that there is.
  private void liquibase(Database database, String changelog) throws Exception {
    LIQUIBASE.setLevel(Level.WARNING);
    var connection = new JdbcConnection(database.connection());
    try (var files = new DirectoryResourceAccessor(folder.resolve("migrations"));
        var liquibase = new Liquibase(changelog, files, connection)) {
      Scope.child(
          Scope.Attr.ui,
          new LoggerUIService(),
          () -> liquibase.update(new Contexts(), new LabelExpression()));
    }
  }

  private static void dbdeploy(Database database, Path scripts) throws Exception {
    var tool = new DbDeploy();
    tool.setDriver("org.mariadb.jdbc.Driver");
    tool.setUrl(url(database));
    tool.setUserid(database.user());
    tool.setPassword(database.password());
    tool.setDbms("mysql");
    tool.setScriptdirectory(scripts.toFile());
    tool.go();
  }

  private static String url(Database database) {
    return "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=trust"
        .formatted(database.server().port(), database.schema());
  }

  private void write(String name, String text) throws IOException {
    var migrations = Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(migrations.resolve(name), text);
  }
}
