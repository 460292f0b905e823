package dev.halcyon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What one session sees of a split while its window is open. */
class SplitTest {
  private static final String USERS =
      "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, username VARCHAR(20) NOT NULL,"
          + " line_1 VARCHAR(100), line_2 VARCHAR(100))";
  private static final String ADDRESSES =
      "CREATE TABLE addresses (id INT AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL,"
          + " line_1 VARCHAR(100), line_2 VARCHAR(100), note VARCHAR(20), KEY (user_id),"
          + " FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)";
  private static final String SPLIT =
      "-- halcyon: split users(line_1, line_2) -> addresses by user_id keep=first\n"
          + ADDRESSES
          + ";\nALTER TABLE users DROP COLUMN line_1, DROP COLUMN line_2;\n";
  private static final String PARENTS =
      "SELECT id, username, line_1, line_2 FROM users ORDER BY id";
  private static final String CHILDREN =
      "SELECT user_id, line_1, line_2 FROM addresses ORDER BY id";

  private static PlannedChange expanded(Database database) {
    database.execute(USERS, "INSERT INTO users VALUES (1, 'a', 'A 1', NULL), (2, 'b', NULL, NULL)");
    var change = PlannedChange.plan(database, SPLIT);
    change.expand();
    return change;
  }

  @EngineTest
  void fillsTheChildFromParentsThatHoldAValue(Database database) {
    var change = expanded(database);

    assertThat(database.strings(CHILDREN)).containsExactly("1 | A 1 | NULL");
    assertThat(change.verify()).isEmpty();
  }

  @EngineTest
  void carriesWritesOfTheOldVersionOver(Database database) {
    var change = expanded(database);

    database.execute("INSERT INTO users (username, line_1) VALUES ('c', 'C 1'), ('d', NULL)");
    database.execute("UPDATE users SET line_2 = 'B 2' WHERE id = 2");
    database.execute("UPDATE users SET line_1 = NULL WHERE id = 1");

    assertThat(database.strings(CHILDREN))
        .containsExactly("1 | NULL | NULL", "3 | C 1 | NULL", "2 | NULL | B 2");
    database.execute("DELETE FROM users WHERE id = 3");
    assertThat(database.strings(CHILDREN)).containsExactly("1 | NULL | NULL", "2 | NULL | B 2");
    assertThat(change.verify()).isEmpty();
    assertThat(database.count("hal_13_addresses_first")).isEqualTo(3);
  }

  @EngineTest
  void carriesWritesOfTheNewVersionOver(Database database) {
    var change = expanded(database);

    database.execute("INSERT INTO users (username) VALUES ('c')");
    database.execute("INSERT INTO addresses (user_id, line_1) VALUES (3, 'C 1'), (3, 'second')");
    database.execute("UPDATE addresses SET line_2 = 'C 2' WHERE user_id = 3 AND line_1 = 'C 1'");
    assertThat(database.strings(PARENTS)).contains("3 | c | C 1 | C 2");

    database.execute("DELETE FROM addresses WHERE line_1 = 'C 1'");
    assertThat(database.strings(PARENTS)).contains("3 | c | second | NULL");

    database.execute("UPDATE addresses SET user_id = 2 WHERE user_id = 3");
    assertThat(database.strings(PARENTS))
        .containsExactly("1 | a | A 1 | NULL", "2 | b | second | NULL", "3 | c | NULL | NULL");

    database.execute("UPDATE addresses SET id = id + 100 WHERE user_id = 2");
    database.execute("INSERT INTO addresses (id, user_id, line_1) VALUES (50, 2, 'earlier')");
    assertThat(database.strings(PARENTS)).contains("2 | b | earlier | NULL");

    database.execute("DELETE FROM addresses");
    assertThat(database.strings("SELECT DISTINCT line_1, line_2 FROM users"))
        .containsExactly("NULL | NULL");
    assertThat(change.verify()).isEmpty();
  }

  @EngineTest
  void tellsValuesApartByTheirBytes(Database database) {
    var change = expanded(database);

    database.execute("UPDATE users SET line_1 = 'a 1' WHERE id = 1");
    assertThat(database.strings(CHILDREN)).containsExactly("1 | a 1 | NULL");
    database.execute("UPDATE addresses SET line_1 = 'á 1' WHERE user_id = 1");
    assertThat(database.value("SELECT line_1 FROM users WHERE id = 1")).isEqualTo("á 1");
    assertThat(change.verify()).isEmpty();
  }

  @EngineTest
  void verifyFindsWhatWasWrittenPastTheTriggers(Database database) {
    var change = expanded(database);
    database.execute("SET @hal_quiet = 1");
    database.execute("UPDATE users SET line_1 = 'past' WHERE id = 1");
    assertThat(change.verify()).containsExactly("differs: 1");

    database.execute("UPDATE users SET line_1 = 'A 1' WHERE id = 1");
    database.execute("INSERT INTO addresses (user_id) VALUES (2)");
    assertThat(change.verify()).containsExactly("first-child: 1");
  }

  /** The application takes the number of its new row from the server; ours must not show. */
  @EngineTest
  void leavesGeneratedKeysAndCountsToTheApplication(Database database) throws SQLException {
    expanded(database);
    database.execute("INSERT INTO addresses (id, user_id) VALUES (1000, 2)");

    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      int rows =
          statement.executeUpdate(
              "INSERT INTO users (username, line_1) VALUES ('c', 'C'), ('d', 'D')",
              Statement.RETURN_GENERATED_KEYS);
      assertThat(rows).isEqualTo(2);
      assertThat(keys(statement)).startsWith(3L);
      assertThat(one(connection, "SELECT LAST_INSERT_ID()")).isEqualTo(3);

      rows = statement.executeUpdate("UPDATE users SET line_1 = 'x' WHERE id IN (1, 2, 3)");
      assertThat(rows).isEqualTo(3);
      assertThat(one(connection, "SELECT LAST_INSERT_ID()")).isEqualTo(3);

      statement.executeUpdate(
          "INSERT INTO users (id, username, line_1) VALUES (77, 'e', 'E')",
          Statement.RETURN_GENERATED_KEYS);
      assertThat(keys(statement)).doesNotContain(1003L, 1004L);
      assertThat(one(connection, "SELECT LAST_INSERT_ID()")).isEqualTo(3);
    }
  }

  @EngineTest
  void keepsSyncingAfterAnErrorInsideATrigger(Database database) {
    var change = expanded(database);
    database.execute(
        "CREATE TRIGGER picky BEFORE UPDATE ON addresses FOR EACH ROW IF NEW.line_1 = 'bad' THEN"
            + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no such line'; END IF");

    assertThatThrownBy(() -> database.execute("UPDATE users SET line_1 = 'bad' WHERE id = 1"))
        .hasMessageContaining("no such line");
    database.execute("UPDATE users SET line_1 = 'good' WHERE id = 1");

    assertThat(database.strings(CHILDREN)).containsExactly("1 | good | NULL");
    assertThat(change.verify()).isEmpty();
  }

  /** Documented as the one exception: here all statements have the time of the failed one. */
  @EngineTest
  void aSessionWithAPinnedClockSyncsUntilAnErrorInsideATrigger(Database database) {
    var change = expanded(database);
    database.execute(
        "CREATE TRIGGER picky BEFORE UPDATE ON addresses FOR EACH ROW IF NEW.line_1 = 'bad' THEN"
            + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no such line'; END IF",
        "SET timestamp = 1700000000");

    database.execute("UPDATE users SET line_1 = 'one' WHERE id = 1");
    database.execute("UPDATE addresses SET line_1 = 'two' WHERE user_id = 1");
    assertThat(change.verify()).isEmpty();
    assertThatThrownBy(() -> database.execute("UPDATE users SET line_1 = 'bad' WHERE id = 1"))
        .hasMessageContaining("no such line");
    database.execute("UPDATE users SET line_1 = 'three' WHERE id = 1");

    assertThat(change.verify()).containsExactly("differs: 1");
  }

  @EngineTest
  void userTriggersKeepWorkingAndComeFirst(Database database) {
    database.execute(
        USERS,
        "CREATE TABLE log (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(50))",
        "INSERT INTO users VALUES (1, 'a', 'A 1', NULL)");
    var change = PlannedChange.plan(database, SPLIT);
    // Planned without them, because contract refuses triggers that name a column that goes.
    database.execute(
        "CREATE TRIGGER tidy BEFORE UPDATE ON users FOR EACH ROW SET NEW.line_1 ="
            + " UPPER(NEW.line_1)",
        "CREATE TRIGGER noted AFTER UPDATE ON users FOR EACH ROW INSERT INTO log (what) VALUES"
            + " (NEW.line_1)");
    change.expand();

    database.execute("UPDATE users SET line_1 = 'lower' WHERE id = 1");
    assertThat(database.strings(CHILDREN)).containsExactly("1 | LOWER | NULL");
    database.execute("UPDATE addresses SET line_1 = 'BY CHILD' WHERE user_id = 1");
    assertThat(database.strings("SELECT what FROM log ORDER BY n"))
        .containsExactly("LOWER", "BY CHILD");
    assertThat(change.verify()).isEmpty();
    assertThat(
            database.strings(
                "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema ="
                    + " DATABASE() AND event_object_table = 'users' AND action_timing = 'AFTER' AND"
                    + " event_manipulation = 'UPDATE' ORDER BY action_order"))
        .containsExactly("noted", "hal_13_users_addresses_au");
  }

  /** The server's own limit, which no trigger gets around. */
  @EngineTest
  void aStatementThatReadsTheParentAndWritesTheChildIsRefused(Database database) {
    expanded(database);

    assertThatThrownBy(
            () ->
                database.execute(
                    "INSERT INTO addresses (user_id, line_1) SELECT id, 'x' FROM users WHERE id ="
                        + " 2"))
        .hasMessageContaining("1442");
    assertThatThrownBy(
            () ->
                database.execute(
                    "DELETE FROM addresses WHERE user_id = (SELECT id FROM users WHERE username ="
                        + " 'a')"))
        .hasMessageContaining("1442");
    database.execute("DELETE FROM users WHERE id IN (SELECT user_id FROM addresses)");
    assertThat(database.count("users")).isEqualTo(1);
  }

  @EngineTest
  void worksWithoutForeignKeyAndWithColumnsThatAreNotNull(Database database) {
    database.execute(
        "CREATE TABLE p (code CHAR(8) NOT NULL PRIMARY KEY, a VARCHAR(9) NOT NULL DEFAULT '', n INT"
            + " NOT NULL DEFAULT 0)",
        "INSERT INTO p VALUES ('one', 'x', 1), ('two', '', 0)");
    var change =
        PlannedChange.plan(
            database,
            "-- halcyon: split p(a, n) -> c(b, m) by p_code keep=first\n"
                + "CREATE TABLE c (no BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, p_code CHAR(8),"
                + " b VARCHAR(9) NOT NULL DEFAULT '', m INT NOT NULL DEFAULT 0, KEY (p_code));\n"
                + "ALTER TABLE p DROP COLUMN a, DROP COLUMN n;");
    change.expand();
    String children = "SELECT p_code, b, m FROM c ORDER BY no";
    assertThat(database.strings(children)).containsExactly("one | x | 1");

    database.execute("INSERT INTO p (code) VALUES ('three')");
    database.execute("INSERT INTO c (p_code, b) VALUES ('three', 'y'), (NULL, 'nobody')");
    database.execute("UPDATE p SET n = 5 WHERE code = 'two'");
    database.execute("UPDATE c SET p_code = NULL WHERE p_code = 'one'");
    database.execute("UPDATE p SET code = 'four' WHERE code = 'two'");
    assertThat(database.strings("SELECT * FROM p ORDER BY code"))
        .containsExactly("four |  | 5", "one |  | 0", "three | y | 0");
    database.execute("DELETE FROM p WHERE code = 'three'");
    database.execute("UPDATE c SET p_code = 'four' WHERE p_code = 'two'");
    assertThat(database.strings(children))
        .containsExactly("NULL | x | 1", "NULL | nobody | 0", "four |  | 5");
    assertThat(change.verify()).isEmpty();
    change.contract();
    assertThat(database.ownObjects()).isEmpty();
  }

  @EngineTest
  void contractEndsWhereTheFileSays(Database database) {
    var change = expanded(database);
    database.execute("INSERT INTO addresses (user_id, line_1) VALUES (1, 'second')");
    change.contract();

    assertThat(database.ownObjects()).isEmpty();
    assertThat(database.strings("SELECT * FROM users ORDER BY id"))
        .containsExactly("1 | a", "2 | b");
    assertThat(database.strings(CHILDREN)).containsExactly("1 | A 1 | NULL", "1 | second | NULL");
  }

  @EngineTest
  void rollbackKeepsWhatTheNewVersionWroteIntoOldColumns(Database database) {
    var change = expanded(database);
    String before = database.value("SELECT MAX(id) FROM users");
    database.execute("INSERT INTO addresses (user_id, line_1) VALUES (2, 'by the new version')");
    change.rollback();

    assertThat(database.ownObjects()).isEmpty();
    assertThat(database.strings("SHOW TABLES")).containsExactly("users");
    assertThat(database.strings(PARENTS))
        .containsExactly("1 | a | A 1 | NULL", "2 | b | by the new version | NULL");
    assertThat(before).isEqualTo("2");
  }

  @EngineTest
  void rollbackIsHeldUpByRowsThatExistNowhereElse(Database database) {
    var change = expanded(database);
    database.execute("INSERT INTO addresses (user_id, line_1) VALUES (1, 'second')");
    database.execute("UPDATE addresses SET note = 'only here' WHERE line_1 = 'A 1'");

    assertThat(change.rollbackChecks()).containsExactly("only-here: 1", "only-here: 1");
  }

  /** Each trigger may be dropped while both versions write: no state in between fails. */
  @EngineTest
  void noWriterFailsWhileTheTriggersGo(Database database) {
    var change = expanded(database);
    for (Step step : change.draft().contract()) {
      change.run(List.of(step));
      boolean oldShape = !database.strings("SHOW COLUMNS FROM users LIKE 'line\\_2'").isEmpty();
      if (oldShape && step.title().startsWith("drop sync")) {
        database.execute("INSERT INTO users (username, line_1) VALUES ('n', 'N')");
        database.execute("UPDATE users SET line_1 = 'M' WHERE username = 'n'");
      }
      database.execute("INSERT INTO users (id, username) VALUES (900, 'm')");
      database.execute("INSERT INTO addresses (user_id, line_1) VALUES (900, 'N'), (900, 'O')");
      database.execute("UPDATE addresses SET line_1 = 'P' WHERE user_id = 900");
      database.execute("DELETE FROM addresses WHERE user_id = 900");
      database.execute("DELETE FROM users WHERE id = 900");
    }
    assertThat(database.ownObjects()).isEmpty();
  }

  private static List<Long> keys(Statement statement) throws SQLException {
    var keys = new ArrayList<Long>();
    try (var rows = statement.getGeneratedKeys()) {
      while (rows.next()) {
        keys.add(rows.getLong(1));
      }
    }
    return keys;
  }

  private static long one(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
