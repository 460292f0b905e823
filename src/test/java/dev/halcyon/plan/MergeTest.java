package dev.halcyon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.LoadReport;
import java.sql.Connection;
import java.util.concurrent.ThreadLocalRandom;

class MergeTest {
  private static final String USERS =
      "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, username VARCHAR(20) NOT NULL)";
  private static final String MERGE =
      "-- halcyon: merge addresses(line_1, line_2) -> users(line_1, line_2) by user_id keep=first\n"
          + "ALTER TABLE users ADD COLUMN line_1 VARCHAR(100) AFTER id, ADD COLUMN line_2"
          + " VARCHAR(100);\nDROP TABLE addresses;\n";
  private static final String PARENTS =
      "SELECT id, username, line_1, line_2 FROM users ORDER BY id";
  private static final String CHILDREN =
      "SELECT user_id, line_1, line_2 FROM addresses ORDER BY id";

  private static PlannedChange expanded(Database database) {
    database.execute(
        USERS,
        SplitWriters.ADDRESSES,
        "INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "INSERT INTO addresses (user_id, line_1) VALUES (1, 'A'), (2, 'B')");
    var change = PlannedChange.plan(database, MERGE);
    change.expand();
    return change;
  }

  @EngineTest
  void bothVersionsSeeEachOthersWrites(Database database) {
    var change = expanded(database);
    assertThat(database.strings(PARENTS))
        .containsExactly("1 | a | A | NULL", "2 | b | B | NULL", "3 | c | NULL | NULL");

    database.execute("UPDATE users SET line_2 = 'new' WHERE id IN (1, 3)");
    database.execute("INSERT INTO users (username, line_1) VALUES ('d', 'D')");
    assertThat(database.strings(CHILDREN))
        .containsExactly("1 | A | new", "2 | B | NULL", "3 | NULL | new", "4 | D | NULL");
    database.execute("DELETE FROM addresses WHERE user_id = 1");
    database.execute("UPDATE addresses SET line_1 = 'old' WHERE user_id = 2");
    assertThat(database.strings(PARENTS))
        .startsWith("1 | a | NULL | NULL", "2 | b | old | NULL", "3 | c | NULL | new");
    assertThat(change.verify()).isEmpty();

    change.contract();
    assertThat(database.ownObjects()).isEmpty();
    assertThat(database.strings("SHOW TABLES")).containsExactly("users");
    assertThat(database.strings("SELECT * FROM users ORDER BY id LIMIT 2"))
        .containsExactly("1 | NULL | a | NULL", "2 | old | b | NULL");
  }

  @EngineTest
  void reportsWhatWouldBeDroppedUncopied(Database database) {
    var change = expanded(database);
    database.execute("INSERT INTO addresses (user_id, line_1) VALUES (1, 'second')");

    assertThat(change.verify()).containsExactly("more-than-one: 1");
  }

  @EngineTest
  void rollbackLeavesTheChildAsItIs(Database database) {
    var change = expanded(database);
    database.execute("UPDATE users SET line_1 = 'by the new version' WHERE id = 2");
    change.rollback();

    assertThat(database.ownObjects()).isEmpty();
    assertThat(database.strings("SELECT * FROM users")).containsExactly("1 | a", "2 | b", "3 | c");
    assertThat(database.strings(CHILDREN))
        .containsExactly("1 | A | NULL", "2 | by the new version | NULL");
  }

  @EngineTest
  void refusesAChildWithColumnsThatWouldBeLost(Database database) {
    database.execute(
        USERS,
        SplitWriters.ADDRESSES.replace(", KEY (user_id),", ", country CHAR(2), KEY (user_id),"));

    var refusal = catchThrowableOfType(Refusal.class, () -> PlannedChange.plan(database, MERGE));
    assertThat(refusal.findings()).hasSize(1);
    assertThat(refusal.findings().getFirst().code()).isEqualTo("HAL-302");
    assertThat(refusal.findings().getFirst().message()).contains("addresses(country)");
  }

  @EngineTest
  void expandsWhileTheOldVersionWrites(Database database) {
    long seed = ThreadLocalRandom.current().nextInt(1_000_000);
    var writers = new SplitWriters(database, 400, Connection.TRANSACTION_REPEATABLE_READ);
    database.execute(
        "ALTER TABLE users DROP COLUMN line_1, DROP COLUMN line_2", SplitWriters.ADDRESSES);
    var change = PlannedChange.plan(database, MERGE);
    try (var load = Load.start(database, 2, seed, writers.newVersion())) {
      load.awaitDone(500);
      change.expandInChunksOf(50);
      load.awaitDone(500);
      LoadReport report = load.stop().requireNoErrorsBut(LoadReport.DEADLOCK);
      System.out.printf(
          "merge on %s during expand: %d transactions, %d deadlocks, longest %s, seed %d%n",
          database.engine().label(),
          report.done(),
          report.errors(LoadReport.DEADLOCK),
          report.longest(),
          seed);
    }
    assertThat(change.verify())
        .as("seed " + seed)
        .allSatisfy(fault -> assertThat(fault).startsWith("more-than-one"));
  }
}
