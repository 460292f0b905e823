package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.plan.Limits;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;
import java.util.stream.Collectors;

/** What cannot be done is refused at once, by its reason, and leaves nothing behind. */
class BadInputTest {
  private static final Limits LIMITS = new Limits(1000);

  private static String refused(Database database, String statement) {
    var refusal =
        catchThrowableOfType(
            Refusal.class, () -> new Rebuilding(database).alter(LIMITS, statement, Way.REBUILD));
    assertThat(refusal).as(statement).isNotNull();
    assertThat(refusal.exitStatus()).isNotEqualTo(ExitStatus.DONE);
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
    assertThat(database.strings("SHOW TABLES LIKE 'halcyon_rebuild'")).isEmpty();
    return refusal.findings().stream().map(Finding::message).collect(Collectors.joining("; "));
  }

  @EngineTest
  void whatIsNoAlterOfOneTableIsRefused(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v INT)", "CREATE VIEW w AS SELECT * FROM t");
    for (var statement :
        List.of(
            "",
            "DROP TABLE t",
            "ALTER TABLE t",
            "ALTER TABLE t, u MODIFY v BIGINT",
            "ALTER TABLE t MODIFY v BIGINT; ALTER TABLE t ADD COLUMN x INT",
            "ALTER TABLE t MODIFY v BIGINT; DROP TABLE t",
            "ALTER TABLE t MODIFY nix BIGINT",
            "ALTER TABLE nix MODIFY v BIGINT",
            "ALTER TABLE w MODIFY v BIGINT",
            "ALTER TABLE nowhere.t MODIFY v BIGINT",
            "ALTER TABLE t MODIFY v BIGGER",
            "ALTER TABLE t RENAME TO u",
            "ALTER TABLE t ADD FOREIGN KEY (v) REFERENCES t (id)",
            "ALTER DATABASE x CHARACTER SET utf8mb4")) {
      assertThat(refused(database, statement)).as(statement).isNotBlank();
    }
    assertThat(database.value("SHOW CREATE TABLE t")).doesNotContain("bigint");
  }

  @EngineTest
  void aTableThatCannotBeRebuiltIsRefusedByName(Database database) {
    database.execute(
        "CREATE TABLE keyless (v INT)",
        "CREATE TABLE prefixed (v VARCHAR(100), UNIQUE KEY (v(10)))",
        "CREATE TABLE nullable (v INT NULL, UNIQUE KEY (v))",
        "CREATE TABLE foreign_engine (id INT PRIMARY KEY, v INT) ENGINE=MyISAM",
        "CREATE TABLE moved (id INT PRIMARY KEY, v INT)",
        "CREATE TABLE t_hal (id INT PRIMARY KEY, v INT)");
    assertThat(refused(database, "ALTER TABLE keyless MODIFY v BIGINT")).contains("no key");
    assertThat(refused(database, "ALTER TABLE prefixed MODIFY v VARCHAR(90)")).contains("no key");
    assertThat(refused(database, "ALTER TABLE nullable MODIFY v BIGINT")).contains("no key");
    assertThat(refused(database, "ALTER TABLE foreign_engine MODIFY v BIGINT"))
        .contains("is not InnoDB");
    assertThat(refused(database, "ALTER TABLE moved DROP PRIMARY KEY, ADD PRIMARY KEY (v)"))
        .contains("no key");
  }

  @EngineTest
  void aDiskThatIsTooSmallIsRefusedBeforehand(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v INT) STATS_AUTO_RECALC=0",
        "INSERT INTO t VALUES (1, 1)",
        "ANALYZE TABLE t",
        "UPDATE mysql.innodb_table_stats SET clustered_index_size = 1000000000000, n_rows = 9000000000"
            + " WHERE database_name = DATABASE() AND table_name = 't'",
        "FLUSH TABLE t");
    assertThat(refused(database, "ALTER TABLE t MODIFY v BIGINT"))
        .contains("needs about", "of", "free where the server keeps its data");
  }

  @EngineTest
  void anAccountThatMayNotReadTheLogIsToldWhatToGrant(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
    var _ = new Rebuilding(database);
    var account =
        database.createUser(
            "plain", "ALL ON `" + database.schema() + "`.*", "ALL ON `halcyon\\_scratch\\_%`.*");
    var server =
        Server.connect(new ConnectionSettings(database.url(), account.user(), account.password()));
    var refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                new Ways(server, LIMITS, "ALTER TABLE t MODIFY v BIGINT", CaptureBy.LOG)
                    .choose(Way.REBUILD));
    assertThat(refusal).hasMessageContaining("REPLICATION SLAVE");
  }
}
