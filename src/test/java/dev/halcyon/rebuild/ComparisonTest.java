package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;

/** What the comparison of every row finds, and what it leaves to be looked at again. */
final class ComparisonTest {
  private static final String CHANGE = "ALTER TABLE t MODIFY v BIGINT NOT NULL";

  private static final String SUM =
      "CONCAT(COUNT(*), ' ', SUM(id * v), ' ', SUM(CRC32(CONCAT(id, name))))";

  @EngineTest
  void manyRowsThatDifferAreFoundByTheirRange(Database database) {
    table(database);
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .chunks(1500)
                    .atStep(
                        "verify",
                        () -> database.execute("UPDATE t_hal_new SET v = -1 WHERE id > 50"))
                    .run(CHANGE))
        .hasMessageContaining("or more rows")
        .hasMessageContaining(" and more")
        .asInstanceOf(InstanceOfAssertFactories.type(Failure.class))
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MISMATCH));
    database.execute("UPDATE t_hal_new SET v = id WHERE id > 50");
    assertThat(new Rebuilding(database).run(CHANGE).compared()).isEqualTo(3000);
  }

  @EngineTest
  void aSpaceAtTheEndOfATextIsADifference(Database database) {
    table(database);
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .atStep(
                        "verify",
                        () ->
                            database.execute(
                                "UPDATE t_hal_new SET name = CONCAT(name, ' ') WHERE id = 70",
                                "UPDATE t_hal_new SET name = UPPER(name) WHERE id = 71"))
                    .run(CHANGE))
        .hasMessageContaining("2 rows")
        .hasMessageContaining("70; 71");
  }

  @EngineTest
  void rowsThatChangeWhileIndexesAreBuiltAreLookedAtAgain(Database database) {
    table(database);
    new Rebuilding(database).chunks(500).atStep("verify", () -> change(database, "t")).run(CHANGE);
    change(database, "untouched");
    assertThat(database.value("SELECT " + SUM + " FROM t"))
        .isEqualTo(database.value("SELECT " + SUM + " FROM untouched"));
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }

  private static void change(Database database, String table) {
    for (var sql :
        List.of(
            "UPDATE # SET v = v + 1, name = CONCAT('n', v) WHERE id <= 2900",
            "DELETE FROM # WHERE id BETWEEN 100 AND 200",
            "INSERT INTO # (id, v, name) VALUES (5000, 5, 'behind'), (150, 6, 'between')")) {
      database.execute(sql.replace("#", table));
    }
  }

  @EngineTest
  void aRunThatIsStoppedLeavesNoIndexBuildingBehind(Database database) {
    table(database);
    var stop = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .stoppedBy(stop::get)
                    .atStep("verify", () -> stop.set(true))
                    .run(CHANGE))
        .asInstanceOf(InstanceOfAssertFactories.type(Failure.class))
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STOPPED));
    assertThat(
            database.value(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'ALTER%ADD%'"))
        .isEqualTo("0");
    assertThat(new Rebuilding(database).run(CHANGE).compared()).isEqualTo(3000);
  }

  private static void table(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, name VARCHAR(40) NOT NULL,"
            + " KEY (v), KEY (name))",
        "INSERT INTO t SELECT n, n, MD5(n) FROM (WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL"
            + " SELECT n + 1 FROM numbers WHERE n < 1000) SELECT n FROM numbers) AS some",
        "INSERT INTO t SELECT id + 1000, id + 1000, MD5(id + 1000) FROM t",
        "INSERT INTO t SELECT id + 1000, id + 1000, MD5(id + 1000) FROM t WHERE id > 1000",
        "CREATE TABLE untouched AS SELECT * FROM t");
  }
}
