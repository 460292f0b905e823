package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Delta;
import dev.halcyon.plan.Draft;
import dev.halcyon.plan.Rehearsed;
import dev.halcyon.plan.Step;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class RehearsalTest {
  private static final String USERS =
      "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL,"
          + " email VARCHAR(60) NULL, cents INT NOT NULL DEFAULT 0)";
  private static final String ROWS =
      "INSERT INTO users (name, email, cents) VALUES ('Ann', 'a@x', 5), ('Bob', NULL, 7)";

  private static List<Finding> refused(Practice practice, String text) {
    return catchThrowableOfType(Refusal.class, () -> practice.plan(text)).findings();
  }

  private static Step.Ddl ddl(String id, String table, String sql) {
    return new Step.Ddl(id, id, table, sql, Algorithm.NONE, Step.Conditions.STRICT, List.of());
  }

  private static Draft draft(
      Database database, List<Step> expand, List<Step> contract, List<Step> rollback) {
    return new Draft(
        Version.parse("7"),
        "change",
        "",
        database.schema(),
        expand,
        List.of(),
        contract,
        rollback,
        List.of(),
        List.of());
  }

  private static List<Rehearsed> rehearse(Practice practice, String text, Draft draft) {
    assertThat(practice.rehearsal().facts(practice.script(text), List.of()).schema()).isNotEmpty();
    return practice.rehearsal().rehearse(draft);
  }

  @EngineTest
  void tellsAlgorithmAndDeltaAndTouchesNothing(Database database) {
    database.execute(USERS, ROWS);
    var before = database.snapshot();
    try (var practice = new Practice(database)) {
      var outcome = practice.plan("ALTER TABLE users ADD COLUMN locale VARCHAR(8) NULL;");

      var added = outcome.rehearsed().getFirst();
      assertThat(added.algorithm()).isEqualTo(Algorithm.INSTANT);
      assertThat(added.delta())
          .containsExactly(new Delta("column users.locale", null, "varchar(8) DEFAULT NULL"));
    }
    assertThat(database.snapshot()).isEqualTo(before);
    assertThat(database.strings("SHOW DATABASES LIKE 'halcyon%'")).isEmpty();
  }

  @EngineTest
  void theDeltaOfARunIsTheDeltaOfTheRehearsal(Database database) {
    database.execute(USERS, ROWS);
    try (var practice = new Practice(database)) {
      var outcome = practice.plan("ALTER TABLE users RENAME COLUMN email TO mail;");
      assertThat(outcome.rehearsed()).hasSizeGreaterThan(5);
      for (Step step : outcome.plan().expand()) {
        if (step instanceof Step.Ddl ddl) {
          database.execute(ddl.sql());
          var names = ddl.delta().stream().map(Delta::element).toList();
          var now = Catalog.elements(practice.session(), database.schema(), names);
          for (Delta delta : ddl.delta()) {
            assertThat(now.get(delta.element())).as(delta.element()).isEqualTo(delta.after());
          }
        }
      }
    }
  }

  @EngineTest
  void aSyntaxErrorHasItsPlace(Database database) {
    database.execute(USERS);
    try (var practice = new Practice(database)) {
      var findings =
          refused(
              practice,
              "ALTER TABLE users ADD COLUMN a INT NULL;\n\nALTER TABLE users\n  ADD COLUMN b"
                  + " INT NOT NOT NULL;");
      assertThat(findings)
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.code()).isEqualTo("HAL-210");
                assertThat(f.place()).isEqualTo(new Place("V7__change.sql", 4, 24));
                assertThat(f.message()).contains("1064 (42000)").contains("NOT NULL");
              });
    }
  }

  @EngineTest
  void theServersRefusalNamesTheRealSchema(Database database) {
    database.execute(
        USERS,
        "CREATE TABLE posts (id INT PRIMARY KEY, user_id INT, FOREIGN KEY (user_id) REFERENCES"
            + " users (id))");
    try (var practice = new Practice(database)) {
      assertThat(refused(practice, "ALTER TABLE users MODIFY COLUMN id BIGINT AUTO_INCREMENT;"))
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.code()).isEqualTo("HAL-310");
                assertThat(f.place()).isEqualTo(new Place("V7__change.sql", 1, 1));
                assertThat(f.message())
                    .containsAnyOf("1833", "3780")
                    .doesNotContain("halcyon_scratch");
              });
      assertThat(refused(practice, "ALTER TABLE nothere ADD COLUMN a INT NULL;"))
          .singleElement()
          .satisfies(f -> assertThat(f.message()).contains(database.schema() + ".nothere"));
    }
  }

  @EngineTest
  void aMappingThatDoesNotWorkIsNamed(Database database) {
    database.execute(USERS, ROWS);
    try (var practice = new Practice(database)) {
      var findings =
          refused(
              practice,
              "-- halcyon: map users.cents -> amount up=\"nosuch(cents)\" down=\"amount * 100\"\n"
                  + "ALTER TABLE users CHANGE COLUMN cents amount DECIMAL(10,2) NOT NULL;");
      assertThat(findings)
          .isNotEmpty()
          .allSatisfy(
              f -> {
                assertThat(f.code()).isEqualTo("HAL-303");
                assertThat(f.place()).isEqualTo(new Place("V7__change.sql", 1, 1));
                assertThat(f.message()).contains("nosuch(cents)").contains("1305");
              });
    }
  }

  @EngineTest
  void aDraftThatEndsElsewhereIsFound(Database database) {
    database.execute(USERS);
    var text = "ALTER TABLE users ADD COLUMN a INT NULL;";
    var right = ddl("expand.1", "users", "ALTER TABLE users ADD COLUMN a INT NULL");
    var back = ddl("rollback.1", "users", "ALTER TABLE users DROP COLUMN a");
    var wrong = ddl("expand.1", "users", "ALTER TABLE users ADD COLUMN a BIGINT NULL");
    var order = ddl("expand.1", "users", "ALTER TABLE users ADD COLUMN a INT NULL FIRST");
    var wrongBack = ddl("rollback.1", "users", "ALTER TABLE users DROP COLUMN email");
    var helper = ddl("expand.2", "hal_x", "CREATE TABLE hal_x (id INT)");
    try (var practice = new Practice(database)) {
      assertThat(
              rehearse(practice, text, draft(database, List.of(right), List.of(), List.of(back))))
          .hasSize(2);
      for (var draft :
          List.of(
              draft(database, List.of(wrong), List.of(), List.of(back)),
              draft(database, List.of(order), List.of(), List.of(back)),
              draft(database, List.of(right, helper), List.of(), List.of(back)),
              draft(database, List.of(right), List.of(), List.of(wrongBack)))) {
        var refusal = catchThrowableOfType(Refusal.class, () -> rehearse(practice, text, draft));
        assertThat(refusal.findings()).extracting(Finding::code).contains("HAL-309");
      }
    }
  }

  @EngineTest
  void aBrokenViewOrTriggerIsFound(Database database) {
    database.execute(
        USERS,
        ROWS,
        "CREATE TABLE audit (text VARCHAR(90))",
        "CREATE FUNCTION shout (x VARCHAR(90)) RETURNS VARCHAR(90) DETERMINISTIC RETURN UPPER(x)",
        "CREATE VIEW mails AS SELECT shout(email) AS mail FROM users",
        "CREATE TRIGGER noted AFTER UPDATE ON users FOR EACH ROW"
            + " INSERT INTO audit VALUES (shout(OLD.email))");
    var text = "ALTER TABLE users DROP COLUMN email;";
    var drop = ddl("contract.1", "users", "ALTER TABLE users DROP COLUMN email");
    try (var practice = new Practice(database)) {
      var refusal =
          catchThrowableOfType(
              Refusal.class,
              () -> rehearse(practice, text, draft(database, List.of(), List.of(drop), List.of())));
      assertThat(refusal.findings()).extracting(Finding::code).containsOnly("HAL-307");
      assertThat(refusal.findings())
          .extracting(Finding::message)
          .anyMatch(m -> m.contains("view mails") && m.contains("1356"))
          .anyMatch(m -> m.contains("trigger noted") && m.contains("1054"));
    }
    assertThat(database.count("audit")).isZero();
  }

  @EngineTest
  void rowsThatDoNotFitAreLeftToVerify(Database database) {
    database.execute(USERS, ROWS, "CREATE TABLE none (id INT PRIMARY KEY, age INT NOT NULL)");
    try (var practice = new Practice(database)) {
      var outcome = practice.plan("ALTER TABLE users ADD CONSTRAINT rich CHECK (cents > 6);");
      assertThat(outcome.rehearsed())
          .anySatisfy(
              r ->
                  assertThat(r.delta())
                      .extracting(Delta::element)
                      .contains("constraint users.rich"));
      assertThat(practice.plan("ALTER TABLE none ADD CONSTRAINT old CHECK (age > 6);").rehearsed())
          .isNotEmpty();
    }
  }

  @EngineTest
  void oddTablesAreCopied(Database database, Engine engine) {
    database.execute(
        "CREATE TABLE parts (id INT PRIMARY KEY, a VARCHAR(10)) PARTITION BY HASH (id) PARTITIONS 3",
        "CREATE TABLE texts (id INT PRIMARY KEY, body TEXT, FULLTEXT KEY (body))",
        "INSERT INTO texts VALUES (1, 'some words')",
        "CREATE TABLE gen (id INT PRIMARY KEY, a INT, b INT AS (a + 1) STORED, c INT AS (a) VIRTUAL)",
        "INSERT INTO gen (id, a) VALUES (1, 2)",
        "CREATE TABLE geo (id INT PRIMARY KEY, g POINT NOT NULL, j JSON NOT NULL)");
    if (engine == Engine.MARIADB) {
      database.execute(
          "CREATE TABLE old (id INT PRIMARY KEY, a INT) WITH SYSTEM VERSIONING",
          "INSERT INTO old VALUES (1, 1)");
    }
    try (var practice = new Practice(database)) {
      assertThat(added(practice, "parts")).isEqualTo(Algorithm.INSTANT);
      assertThat(added(practice, "gen")).isEqualTo(Algorithm.INSTANT);
      assertThat(added(practice, "geo")).isEqualTo(Algorithm.INSTANT);
      assertThat(added(practice, "texts"))
          .isEqualTo(engine == Engine.MYSQL ? Algorithm.COPY : Algorithm.ONLINE_COPY);
      if (engine == Engine.MARIADB) {
        assertThat(catchThrowableOfType(Refusal.class, () -> added(practice, "old")).findings())
            .singleElement()
            .satisfies(f -> assertThat(f.message()).contains("4119"));
      }
    }
  }

  private static Algorithm added(Practice practice, String table) {
    return practice
        .plan("ALTER TABLE " + table + " ADD COLUMN extra INT NULL;")
        .rehearsed()
        .getFirst()
        .algorithm();
  }

  @EngineTest
  void aTriggerIntoAnotherSchemaDoesNotAct(Database database) {
    database.execute(
        USERS,
        ROWS,
        "CREATE TABLE audit (id INT)",
        "CREATE TRIGGER noted AFTER UPDATE ON users FOR EACH ROW INSERT INTO "
            + database.schema()
            + ".audit VALUES (NEW.id)");
    try (var practice = new Practice(database)) {
      assertThat(practice.plan("ALTER TABLE users RENAME COLUMN email TO mail;").rehearsed())
          .isNotEmpty();
      assertThat(
              refused(
                  practice,
                  "CREATE TRIGGER t AFTER DELETE ON users FOR EACH ROW DELETE FROM "
                      + database.schema()
                      + ".audit;"))
          .isNotEmpty();
    }
    assertThat(database.count("audit")).isZero();
  }

  @EngineTest
  void statementsUnderALockAreTriedOneByOne(Database database) {
    database.execute(USERS, ROWS);
    var text =
        "CREATE TRIGGER one BEFORE INSERT ON users FOR EACH ROW SET NEW.cents = 1;\n"
            + "CREATE TRIGGER two BEFORE UPDATE ON users FOR EACH ROW SET NEW.cents = 2;";
    var locked =
        new Step.Locked(
            "expand.1",
            "make triggers",
            List.of("users"),
            List.of(
                new Step.Locked.Part(
                    "CREATE TRIGGER one BEFORE INSERT ON users FOR EACH ROW SET NEW.cents = 1",
                    List.of()),
                new Step.Locked.Part(
                    "CREATE TRIGGER two BEFORE UPDATE ON users FOR EACH ROW SET NEW.cents = 2",
                    List.of())));
    try (var practice = new Practice(database)) {
      var rehearsed =
          rehearse(practice, text, draft(database, List.of(locked), List.of(), List.of()));
      assertThat(rehearsed).hasSize(2);
      assertThat(rehearsed.get(1).part()).isEqualTo(1);
      assertThat(rehearsed.get(1).delta())
          .containsExactly(
              new Delta("trigger two", null, "BEFORE UPDATE ON users SET NEW.cents = 2"));
    }
  }

  @EngineTest
  void anEventNeverComesDue(Database database) {
    database.execute(USERS);
    var sql = "CREATE EVENT tick ON SCHEDULE EVERY 1 SECOND COMMENT 'do it' DO DELETE FROM users";
    try (var practice = new Practice(database)) {
      var rehearsed =
          rehearse(
              practice,
              sql + ";",
              draft(database, List.of(ddl("expand.1", "tick", sql)), List.of(), List.of()));
      var after = rehearsed.getFirst().delta().getFirst().after();
      database.execute(sql);
      assertThat(Catalog.elements(practice.session(), database.schema(), List.of("routine tick")))
          .containsEntry("routine tick", after);
      database.execute("DROP EVENT tick");
    }
  }

  @EngineTest
  void aChangeCanStandOnAnother(Database database) {
    database.execute(USERS, ROWS);
    try (var practice = new Practice(database)) {
      var scripts =
          practice.scripts(
              Map.of(
                  "V1__a.sql", "ALTER TABLE users ADD COLUMN nick VARCHAR(20) NULL;",
                  "V2__b.sql", "ALTER TABLE users ADD INDEX idx_nick (nick);",
                  "V3__c.sql", "CREATE TABLE nicks (id INT PRIMARY KEY, nick VARCHAR(20));",
                  "V4__d.sql", "ALTER TABLE nicks ADD COLUMN more INT NULL;"));
      for (var script : scripts) {
        assertThat(practice.plan(script).rehearsed()).isNotEmpty();
        practice.assume(script.version());
      }
    }
  }

  @EngineTest
  void theServerIsAskedAboutAKindOnce(Database database, Engine engine) {
    database.execute(
        USERS, ROWS, "CREATE TABLE texts (id INT PRIMARY KEY, body TEXT, FULLTEXT KEY (body))");
    try (var practice = new Practice(database)) {
      var files = new TreeMap<String, String>();
      for (int i = 1; i <= 20; i++) {
        files.put("V" + i + "__x.sql", "ALTER TABLE users ADD COLUMN c" + i + " VARCHAR(20) NULL;");
      }
      var scripts = practice.scripts(files);
      long sent = 0;
      for (var script : scripts) {
        if (script.version().equals(Version.parse("3"))) {
          sent = practice.server().statementsSent();
        }
        var rehearsed = practice.plan(script).rehearsed();
        assertThat(rehearsed).extracting(Rehearsed::algorithm).containsOnly(Algorithm.INSTANT);
        practice.assume(script.version());
      }
      assertThat((practice.server().statementsSent() - sent) / 18).isLessThanOrEqualTo(8);
      assertThat(added(practice, "texts"))
          .as("the same statement on a table of another kind")
          .isEqualTo(engine == Engine.MYSQL ? Algorithm.COPY : Algorithm.ONLINE_COPY);
    }
  }

  @EngineTest
  void aWrongEndIsFoundForAKnownKindToo(Database database) {
    database.execute(USERS, ROWS);
    var back = ddl("rollback.1", "users", "ALTER TABLE `users` DROP COLUMN `a`");
    var right = ddl("expand.1", "users", "ALTER TABLE `users` ADD COLUMN `a` INT NULL");
    var wrong = ddl("expand.1", "users", "ALTER TABLE `users` ADD COLUMN `b` INT NULL");
    var wrongBack = ddl("rollback.1", "users", "ALTER TABLE `users` DROP COLUMN `b`");
    var text = "ALTER TABLE users ADD COLUMN a INT NULL;";
    try (var practice = new Practice(database)) {
      for (int i = 0; i < 2; i++) {
        assertThat(
                rehearse(practice, text, draft(database, List.of(right), List.of(), List.of(back))))
            .hasSize(2);
      }
      var refusal =
          catchThrowableOfType(
              Refusal.class,
              () ->
                  rehearse(
                      practice,
                      text,
                      draft(database, List.of(wrong), List.of(), List.of(wrongBack))));
      assertThat(refusal.findings()).extracting(Finding::code).containsOnly("HAL-309");
    }
  }

  @EngineTest(Engine.MYSQL)
  void instantIsNotTrustedWhenTheRealTableHasUsedUpItsVersions(Database database) {
    database.execute(USERS, ROWS);
    for (int i = 0; i < 60; i++) {
      database.execute("ALTER TABLE users ADD COLUMN c" + i + " INT, ALGORITHM=INSTANT");
    }
    try (var practice = new Practice(database)) {
      assertThat(added(practice, "users")).isEqualTo(Algorithm.INPLACE);
    }
  }

  @EngineTest
  void aLostSessionLeavesNothingForLong(Database database) {
    database.execute(USERS, ROWS);
    try (var watcher = new Practice(database)) {
      var lost = new Practice(database);
      assertThat(lost.plan("ALTER TABLE users ADD COLUMN a INT NULL;").rehearsed()).isNotEmpty();
      watcher.session().kill(lost.session().connectionId());
      var fault =
          catchThrowableOfType(
              Fault.class, () -> lost.plan("ALTER TABLE users RENAME COLUMN email TO mail;"));
      assertThat(fault).isNotNull();
      lost.close();
    }
    try (var next = new Practice(database)) {
      assertThat(next.plan("ALTER TABLE users ADD COLUMN a INT NULL;").rehearsed()).isNotEmpty();
    }
    assertThat(database.strings("SHOW DATABASES LIKE 'halcyon%'")).isEmpty();
  }

  /** What they write need not be named by the change: the next table, or a routine's table. */
  @EngineTest
  void triggersMayGoWhereTheyLike(Database database) {
    database.execute(
        USERS,
        ROWS,
        "CREATE TABLE orders (id INT PRIMARY KEY, user_id INT NOT NULL, cents INT NOT NULL,"
            + " FOREIGN KEY (user_id) REFERENCES users (id))",
        "CREATE TABLE noted (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(90))",
        "CREATE TABLE counted (id INT PRIMARY KEY, n INT NOT NULL)",
        "INSERT INTO counted VALUES (1, 0)",
        "CREATE PROCEDURE counting() UPDATE counted SET n = n + 1 WHERE id = 1",
        "CREATE TRIGGER users_au AFTER UPDATE ON users FOR EACH ROW"
            + " INSERT INTO noted (what) VALUES (NEW.name)",
        "CREATE TRIGGER noted_ai AFTER INSERT ON noted FOR EACH ROW CALL counting()",
        "INSERT INTO orders VALUES (1, 1, 100)");
    try (var practice = new Practice(database)) {
      // The table of the change has none, its neighbour's trigger needs a third and a fourth.
      practice.plan("ALTER TABLE orders RENAME COLUMN cents TO amount;");
      var renamed = practice.plan("ALTER TABLE users RENAME COLUMN cents TO credit;");
      assertThat(renamed.plan().notes())
          .contains(
              "your trigger users_au acts on every row that the backfill of users writes, once");
      practice.plan("UPDATE users SET cents = 0 WHERE id = 1;");
    }
    assertThat(database.value("SELECT n FROM counted")).isEqualTo("0");
  }
}
