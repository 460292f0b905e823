package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.Relay;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;

/** Foreign keys and triggers of a table go along to the new one, and are never without effect. */
class BelongingsTest {
  private static final long SEED = Long.getLong("halcyon.test.seed", 20261122);
  private static final String TO_BIGINT = "ALTER TABLE t MODIFY v BIGINT NOT NULL";
  private static final String TO_INT = "ALTER TABLE t MODIFY v INT NOT NULL";
  private static final int CUT_OVERS = Integer.getInteger("halcyon.test.keyed.cutovers", 1);
  private static final int PARENTS = 12;

  /** A parent, the table, and a child, each with keys of given and of made-up names. */
  private static void family(Database database) {
    database.execute(
        "CREATE TABLE p (id INT PRIMARY KEY, n INT NOT NULL DEFAULT 0)",
        """
        CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, p_id INT NOT NULL, up INT NULL,
          v INT NOT NULL, CONSTRAINT fk_parent FOREIGN KEY (p_id) REFERENCES p (id),
          FOREIGN KEY (up) REFERENCES t (id) ON DELETE NO ACTION)
        """,
        """
        CREATE TABLE c (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, t_id INT NOT NULL, other INT NULL,
          FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE,
          CONSTRAINT fk_other FOREIGN KEY (other) REFERENCES t (id) ON DELETE SET NULL)
        """);
    for (var i = 1; i <= PARENTS; i++) {
      database.execute(
          "INSERT INTO p (id) VALUES (" + i + ")",
          "INSERT INTO t (id, p_id, v) VALUES (%d, %d, 0)".formatted(i, i),
          "INSERT INTO c (t_id, other) VALUES (%d, %d)".formatted(i, i));
    }
  }

  private static List<String> shapes(Database database) {
    return List.of("p", "t", "c").stream()
        .map(
            table ->
                String.valueOf(database.query("SHOW CREATE TABLE " + table).getFirst().get(1))
                    .replaceAll(" AUTO_INCREMENT=\\d+", ""))
        .toList();
  }

  private static void nothingIsLeft(Database database) {
    assertThat(
            database.strings(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                    + " AND table_name LIKE '%hal%'"))
        .allMatch(name -> name.startsWith("halcyon_"));
    assertThat(
            database.strings(
                "SELECT constraint_name FROM information_schema.table_constraints"
                    + " WHERE constraint_schema = DATABASE() AND constraint_name LIKE 'hal\\_%'"))
        .isEmpty();
    assertThat(
            database.strings(
                "SELECT trigger_name FROM information_schema.triggers"
                    + " WHERE trigger_schema = DATABASE() AND trigger_name LIKE 'hal\\_%'"))
        .isEmpty();
  }

  private static void noOrphans(Database database) {
    assertThat(
            database.strings(
                "SELECT c.id FROM c LEFT JOIN t ON t.id = c.t_id WHERE t.id IS NULL UNION ALL"
                    + " SELECT t.id FROM t LEFT JOIN p ON p.id = t.p_id WHERE p.id IS NULL"))
        .isEmpty();
  }

  /** Whole families come and go, so that each key is in the way of somebody all the time. */
  private static Load families(Database database, int threads) {
    var next = new AtomicInteger(1000);
    return Load.start(
        database,
        threads,
        SEED,
        (random, connection) -> {
          try (var statement = connection.createStatement()) {
            var id = next.incrementAndGet();
            statement.execute("INSERT INTO p (id) VALUES (" + id + ")");
            statement.execute(
                "INSERT INTO t (id, p_id, up, v) VALUES (%d, %d, 1, 0)".formatted(id, id));
            statement.execute("INSERT INTO c (t_id) VALUES (" + id + ")");
            statement.execute("UPDATE t SET v = v + 1 WHERE id = " + id);
            if (random.nextBoolean()) {
              statement.execute("DELETE FROM t WHERE id = " + id);
              statement.execute("DELETE FROM p WHERE id = " + id);
            }
          }
        });
  }

  @EngineTest
  void keysOfAndToATableComeOutAsTheyWereWithEveryWriteOfThreeTables(Database database) {
    family(database);
    var before = shapes(database);
    try (var load = families(database, 3)) {
      for (var round = 0; round < CUT_OVERS; round++) {
        load.awaitDone(10);
        new Rebuilding(database)
            .atStep("cut-over", () -> load.awaitDone(5))
            .run(round % 2 == 0 ? TO_BIGINT : TO_INT);
        noOrphans(database);
      }
      load.awaitDone(5);
      var _ = load.stop().requireNoErrorsBut();
    }
    if (CUT_OVERS % 2 == 1) {
      new Rebuilding(database).run(TO_INT);
    }
    assertThat(shapes(database)).isEqualTo(before);
    noOrphans(database);
    nothingIsLeft(database);
  }

  @EngineTest
  void aKeyThatChangesRowsBehindTheLogIsRefusedByName(Database database) {
    family(database);
    database.execute(
        "CREATE TABLE k (id INT PRIMARY KEY, p_id INT NULL,"
            + " CONSTRAINT k_p FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE SET NULL)");
    assertThat(refused(database, "ALTER TABLE k MODIFY id BIGINT NOT NULL"))
        .contains("k_p", "ON DELETE SET NULL", "--way=in-place");
  }

  private static String refused(Database database, String statement) {
    var refusal =
        catchThrowableOfType(Refusal.class, () -> new Rebuilding(database).run(statement));
    assertThat(refusal).as(statement).isNotNull();
    assertThat(database.strings("SHOW TABLES LIKE '%hal\\_%'")).isEmpty();
    assertThat(database.strings("SHOW TABLES LIKE 'halcyon_rebuild'")).isEmpty();
    return refusal.findings().stream().map(Finding::toString).collect(Collectors.joining("; "));
  }

  @EngineTest
  void whatAKeyNeedsIsNotTakenFromIt(Database database) {
    family(database);
    assertThat(refused(database, "ALTER TABLE t MODIFY p_id BIGINT NOT NULL"))
        .contains("column p_id", "fk_parent");
    assertThat(refused(database, "ALTER TABLE t MODIFY id BIGINT NOT NULL AUTO_INCREMENT"))
        .contains("column id", "fk_other");
    assertThat(refused(database, "ALTER TABLE t DROP FOREIGN KEY fk_parent"))
        .contains("DROP FOREIGN KEY fk_parent");
  }

  @EngineTest
  void orphansAreNamedBeforeAnythingBegins(Database database) {
    family(database);
    database.execute(
        "SET foreign_key_checks = 0",
        "INSERT INTO t (id, p_id, v) VALUES (77, 4711, 0)",
        "INSERT INTO c (id, t_id) VALUES (99, 4712)",
        "SET foreign_key_checks = 1");
    assertThat(refused(database, TO_BIGINT)).contains("fk_parent", "77", "99", "HAL-311");
  }

  @EngineTest
  void aColumnThatAKeyHasMayHaveANewName(Database database) {
    family(database);
    new Rebuilding(database)
        .run(
            "ALTER TABLE t CHANGE p_id parent INT NOT NULL, CHANGE id number INT NOT NULL AUTO_INCREMENT");
    assertThat(shapes(database).get(1))
        .contains(
            "CONSTRAINT `fk_parent` FOREIGN KEY (`parent`) REFERENCES `p` (`id`)",
            "CONSTRAINT `t_ibfk_1` FOREIGN KEY (`up`) REFERENCES `t` (`number`)");
    assertThat(shapes(database).get(2)).contains("REFERENCES `t` (`number`) ON DELETE CASCADE");
    nothingIsLeft(database);
  }

  /** One row in the audit table for each write, whichever table the writer met. */
  private static void audited(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL, note VARCHAR(20))",
        "CREATE TABLE audit (n INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20), id INT,"
            + " mode VARCHAR(200))",
        "INSERT INTO t VALUES (1, 0, 'a'), (2, 0, 'b'), (3, 0, 'c')",
        "SET session_track_system_variables = ''",
        "SET sql_mode = 'ANSI_QUOTES,NO_ZERO_DATE', NAMES latin1",
        "CREATE TRIGGER first_one AFTER UPDATE ON t FOR EACH ROW"
            + " INSERT INTO audit (what, id, mode) VALUES ('update', NEW.id, @@sql_mode)",
        "CREATE TRIGGER noted BEFORE UPDATE ON t FOR EACH ROW SET NEW.note = CONCAT('v', NEW.v)",
        "SET sql_mode = DEFAULT, NAMES utf8mb4",
        "CREATE TRIGGER a_second AFTER UPDATE ON t FOR EACH ROW FOLLOWS first_one"
            + " INSERT INTO audit (what, id) VALUES ('größer', NEW.id)");
  }

  private static final String TRIGGERS =
      "SELECT trigger_name, action_timing, event_manipulation, action_order, sql_mode, definer,"
          + " character_set_client, collation_connection, action_statement, event_object_table"
          + " FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
          + " AND trigger_name NOT LIKE 'hal\\_%' ORDER BY trigger_name";

  @EngineTest
  void triggersComeAlongAndFireOnceForEveryWrite(Database database, CaptureBy by) {
    audited(database);
    var before = database.strings(TRIGGERS);
    assertThat(before).hasSize(3);
    var writes = new AtomicLong();
    try (var load =
        Load.start(
            database,
            4,
            SEED,
            (random, connection) -> {
              update(connection.createStatement(), 1 + random.nextInt(3));
              writes.incrementAndGet();
            })) {
      for (var i = 0; i < 2; i++) {
        load.awaitDone(20);
        new Rebuilding(database)
            .by(by)
            .atStep("cut-over", () -> load.awaitDone(20))
            .run(i % 2 == 0 ? TO_BIGINT : TO_INT);
      }
      load.awaitDone(20);
      var _ = load.stop().requireNoErrorsBut();
    }
    assertThat(database.value("SELECT SUM(v) FROM t")).isEqualTo(String.valueOf(writes.get()));
    assertThat(database.value("SELECT COUNT(*) FROM audit WHERE what = 'update'"))
        .isEqualTo(String.valueOf(writes.get()));
    assertThat(database.value("SELECT COUNT(*) FROM audit WHERE what = 'größer'"))
        .isEqualTo(String.valueOf(writes.get()));
    assertThat(database.value("SELECT COUNT(*) FROM t WHERE note <> CONCAT('v', v)"))
        .isEqualTo("0");
    assertThat(database.strings(TRIGGERS)).isEqualTo(before);
    nothingIsLeft(database);
  }

  private static void update(java.sql.Statement open, int id) throws SQLException {
    try (var statement = open) {
      statement.execute("UPDATE t SET v = v + 1 WHERE id = " + id);
    }
  }

  @EngineTest
  void aTriggerThatTheNewShapeBreaksIsRefusedByName(Database database) {
    audited(database);
    assertThat(refused(database, "ALTER TABLE t DROP COLUMN note, MODIFY v BIGINT NOT NULL"))
        .contains("trigger noted", "note");
  }

  @EngineTest
  void aRevertTakesKeysAndTriggersBack(Database database, CaptureBy by) {
    family(database);
    database.execute(
        "CREATE TABLE audit (id INT)",
        "CREATE TRIGGER watch AFTER INSERT ON t FOR EACH ROW INSERT INTO audit VALUES (NEW.id)");
    var before = shapes(database);
    var triggers = database.strings(TRIGGERS);
    var rebuilding = new Rebuilding(database).by(by);
    rebuilding.run(TO_BIGINT, Duration.ofDays(1));
    assertThat(database.strings(TRIGGERS)).hasSameSizeAs(triggers);
    database.execute(
        "INSERT INTO p (id) VALUES (500)",
        "INSERT INTO t (id, p_id, v) VALUES (500, 500, 9)",
        "INSERT INTO c (t_id) VALUES (500)",
        "DELETE FROM t WHERE id = 3",
        "DELETE FROM p WHERE id = 3");

    rebuilding.revert("t");

    assertThat(shapes(database)).isEqualTo(before);
    assertThat(database.strings(TRIGGERS)).isEqualTo(triggers);
    assertThat(database.value("SELECT COUNT(*) FROM audit")).isEqualTo("1");
    assertThat(database.value("SELECT v FROM t WHERE id = 500")).isEqualTo("9");
    noOrphans(database);
    nothingIsLeft(database);
  }

  /** Statements at which a connection, or the whole program, is lost. */
  private static final List<String> MOMENTS =
      List.of(
          "ALTER /.*TABLE `t_hal_new` ADD CONSTRAINT.*",
          "ALTER /.*TABLE `c` ADD CONSTRAINT.*`t_hal_new`.*",
          "CREATE DEFINER.*ON `t_hal_new`.*hal_once.*",
          "RENAME TABLE.*",
          "ALTER /.*TABLE `t(_hal_old)?` DROP FOREIGN KEY `(fk|t_).*",
          "ALTER /.*TABLE `c` DROP FOREIGN KEY `(fk|c_).*",
          "DROP TRIGGER `watch`.*",
          "ALTER /.*TABLE `t` ADD CONSTRAINT.*",
          "ALTER /.*TABLE `c` ADD CONSTRAINT.*`t` .*",
          "DROP TRIGGER `hal_[^`]*`;.*");

  @EngineTest
  void aProgramThatDiesWhileTheTablesAreSwappedLosesNoKeyAndNoTrigger(Database database) {
    lose(database, List.of(MOMENTS.getFirst(), MOMENTS.getLast()));
  }

  @Tag("chaos")
  @EngineTest
  void whateverIsLostInTheCutOverEveryKeyAndTriggerIsThereOnceInTheEnd(Database database) {
    lose(database, MOMENTS);
  }

  private static void lose(Database database, List<String> moments) {
    family(database);
    database.execute(
        "CREATE TABLE audit (id INT, hal_once INT)",
        "CREATE TRIGGER watch AFTER UPDATE ON t FOR EACH ROW"
            + " INSERT INTO audit (id, hal_once) VALUES (NEW.id, 1)");
    var before = shapes(database);
    var triggers = database.strings(TRIGGERS);
    var writes = new AtomicLong();
    try (var load =
        Load.start(
            database,
            2,
            SEED,
            (random, connection) -> {
              update(connection.createStatement(), 1 + random.nextInt(PARENTS));
              writes.incrementAndGet();
            })) {
      for (var round = 0; round < moments.size(); round++) {
        interrupted(database, Pattern.compile(moments.get(round), Pattern.DOTALL), round);
        noOrphans(database);
        nothingIsLeft(database);
        load.awaitDone(3);
      }
      var _ = load.stop().requireNoErrorsBut();
    }
    assertThat(shapes(database)).isEqualTo(before);
    assertThat(database.strings(TRIGGERS)).isEqualTo(triggers);
    assertThat(database.count("audit")).isEqualTo(writes.get());
    assertThat(database.value("SELECT SUM(v) FROM t")).isEqualTo(String.valueOf(writes.get()));
  }

  /** Every other time the program dies with its connection. */
  private static void interrupted(Database database, Pattern moment, int round) {
    var lost = new AtomicBoolean();
    var statement = round % 2 == 0 ? TO_BIGINT : TO_INT;
    try (var relay = Relay.inFrontOf(database.server())) {
      // Triggers are tried out once before anything begins.
      var tries = new AtomicInteger(moment.pattern().startsWith("CREATE") ? 1 : 0);
      Predicate<String> strikes =
          text -> {
            var found = moment.matcher(text).matches() && tries.getAndDecrement() <= 0;
            lost.compareAndSet(false, found);
            return found;
          };
      var _ =
          (round + SEED) / 2 % 2 == 0
              ? relay.cutBeforeRequest(strikes)
              : relay.cutAfterRequest(strikes);
      var rebuilding = new Rebuilding(database).through(relay.url(database));
      if (round % 2 == 0) {
        rebuilding.run(statement);
      } else {
        try {
          rebuilding.stoppedBy(lost::get).run(statement);
        } catch (Failure | Fault died) {
          new Rebuilding(database).run(statement);
        }
      }
    }
    assertThat(lost).as(moment.pattern()).isTrue();
  }
}
