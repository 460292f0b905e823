package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.Finding;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.util.List;

class ServerChecksTest {
  private static final String SCHEMA =
      "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER,"
          + " CREATE VIEW, SHOW VIEW, LOCK TABLES ON {schema}.*";
  private static final String SCRATCH = "ALL PRIVILEGES ON `halcyon\\_scratch\\_%`.*";

  @EngineTest(Engine.MARIADB)
  void namesAServerThatLosesValuesUnderABeforeTrigger(Database database) {
    database.execute(
        "CREATE TABLE source (id INT PRIMARY KEY)",
        "INSERT INTO source VALUES (1), (2)",
        "CREATE TABLE target (id INT AUTO_INCREMENT PRIMARY KEY, source_id INT NOT NULL)",
        "CREATE TRIGGER target_bi BEFORE INSERT ON target FOR EACH ROW SET @x = 1");
    boolean loses;
    try {
      database.execute("INSERT INTO target (source_id) SELECT id FROM source");
      loses = false;
    } catch (AssertionError refused) {
      assertThat(refused).hasMessageContaining("1048");
      loses = true;
    }
    var named =
        check(database, new Account(database.user(), database.password())).stream()
            .anyMatch(finding -> finding.message().contains("can lose values"));
    assertThat(named).isEqualTo(loses);
  }

  @EngineTest
  void theAdministratorMayDoEverything(Database database) {
    assertThat(check(database, new Account(database.user(), database.password())))
        .filteredOn(finding -> finding.level() != Finding.Level.INFORMATION)
        .isEmpty();
  }

  @EngineTest
  void theListedPrivilegesSuffice(Database database) {
    var findings = check(database, database.createUser("just", SCHEMA, SCRATCH));
    assertThat(findings).noneMatch(Finding::blocks);
    assertThat(findings)
        .extracting(Finding::message)
        .anyMatch(message -> message.contains("sql_log_bin"))
        .anyMatch(message -> message.contains("who holds it"));
  }

  @EngineTest
  void eachMissingPrivilegeIsNamedAndTheRemedyMendsIt(Database database) {
    var account = database.createUser("less", "SELECT, INSERT, UPDATE, DELETE ON {schema}.*");
    var errors = errors(check(database, account));
    assertThat(errors).hasSize(2).allMatch(finding -> finding.code().equals("HAL-116"));
    assertThat(errors.getFirst().message())
        .contains("lacks CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER, CREATE VIEW, SHOW VIEW")
        .contains("LOCK TABLES on schema " + database.schema());
    assertThat(errors.getLast().message()).contains("halcyon_scratch_").contains("SELECT, INSERT");
    errors.forEach(finding -> database.execute(finding.remedy()));
    assertThat(errors(check(database, account))).isEmpty();
  }

  @EngineTest
  void anAccountMayDoWhatItsGrantsAreReadAs(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    // Underscores as they are make a pattern; escaped, the name itself, which hides the pattern.
    var account = database.createUser("spelt", "SELECT, INSERT ON {schema}.*");
    assertSelects(database, account, true);
    database.execute(
        "GRANT INSERT ON `%s`.* TO '%s'@'%%'"
            .formatted(database.schema().replace("_", "\\_"), account.user()));
    assertSelects(database, account, false);
  }

  private static void assertSelects(Database database, Account account, boolean expected) {
    try (var session = open(database, account)) {
      assertThat(Grants.read(session).on(database.schema(), "SELECT")).isEqualTo(expected);
      if (expected) {
        assertThat(session.query("SELECT * FROM t")).isEmpty();
      } else {
        assertThatThrownBy(() -> session.query("SELECT * FROM t"))
            .isInstanceOfSatisfying(
                Fault.Refused.class, fault -> assertThat(fault.code()).isEqualTo(1142));
      }
    }
  }

  @EngineTest
  void privilegesOfAnActiveRoleCount(Database database) {
    var role = "role_" + database.schema();
    var account = database.createUser("member");
    database.execute("CREATE ROLE " + role);
    try {
      database.execute(
          "GRANT " + SCHEMA.replace("{schema}", database.schema()) + " TO " + role,
          "GRANT " + SCRATCH + " TO " + role,
          "GRANT " + role + " TO '" + account.user() + "'@'%'",
          database.engine() == Engine.MYSQL
              ? "SET DEFAULT ROLE " + role + " TO '" + account.user() + "'@'%'"
              : "SET DEFAULT ROLE " + role + " FOR '" + account.user() + "'@'%'");
      assertThat(errors(check(database, account))).isEmpty();
    } finally {
      database.execute("DROP ROLE " + role);
    }
  }

  @EngineTest
  void aServerThatStandsAgainstARunSaysSoAtOnce(Engine engine) {
    var options =
        Options.defaults()
            .with("log_bin_trust_function_creators", "OFF")
            .with("sql_mode", "NO_ENGINE_SUBSTITUTION")
            .with("binlog_format", "STATEMENT")
            .with("default_storage_engine", "MyISAM")
            .with("explicit_defaults_for_timestamp", "OFF");
    try (var own = Servers.startOwn(engine, options);
        var database = Database.fresh(own)) {
      var account = database.createUser("app", SCHEMA, SCRATCH);
      var findings = check(database, account);
      assertThat(findings)
          .extracting(finding -> finding.code() + " " + finding.level() + " " + finding.remedy())
          .containsSequence(
              "HAL-116 ERROR SET GLOBAL log_bin_trust_function_creators = ON",
              "HAL-117 WARNING SET GLOBAL sql_mode = CONCAT_WS(',', NULLIF(@@GLOBAL.sql_mode, ''),"
                  + " 'STRICT_TRANS_TABLES')",
              "HAL-117 WARNING SET GLOBAL binlog_format = 'ROW'",
              "HAL-117 WARNING SET GLOBAL default_storage_engine = 'InnoDB'");
      assertThat(findings)
          .extracting(Finding::message)
          .anyMatch(message -> message.contains("explicit_defaults_for_timestamp"));
      try (var session = open(database, account)) {
        session.execute("CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB");
        assertThatThrownBy(
                () ->
                    session.execute("CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a = 1"))
            .isInstanceOfSatisfying(
                Fault.Refused.class, fault -> assertThat(fault.code()).isEqualTo(1419));
        findings.stream()
            .filter(finding -> finding.level() != Finding.Level.INFORMATION)
            .forEach(finding -> database.execute(finding.remedy()));
        session.execute("CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a = 1");
      }
      assertThat(check(database, account))
          .allMatch(finding -> finding.level() == Finding.Level.INFORMATION);
    }
  }

  @EngineTest
  void aReadOnlyServerIsAnErrorUnlessTheAccountMayWrite(Engine engine) {
    try (var own = Servers.startOwn(engine, Options.defaults());
        var database = Database.fresh(own)) {
      var account = database.createUser("app", SCHEMA, SCRATCH);
      database.execute("SET GLOBAL read_only = ON");
      assertThat(errors(check(database, account)))
          .extracting(Finding::code)
          .containsExactly("HAL-115");
      assertThat(check(database, new Account(database.user(), database.password())))
          .anyMatch(
              finding ->
                  finding.code().equals("HAL-115") && finding.level() == Finding.Level.WARNING);
      try (var session = open(database, account)) {
        assertThatThrownBy(() -> session.execute("CREATE TABLE t (id INT)"))
            .isInstanceOfSatisfying(
                Fault.Refused.class, fault -> assertThat(fault.code()).isEqualTo(1290));
      }
      database.execute("SET GLOBAL read_only = OFF");
      assertThat(errors(check(database, account))).isEmpty();
    }
  }

  @EngineTest(Engine.MYSQL)
  void superReadOnlyAndPartialRevokesAreSeen(Engine engine) {
    try (var own = Servers.startOwn(engine, Options.defaults().with("partial_revokes", "ON"));
        var database = Database.fresh(own)) {
      var root = new Account(database.user(), database.password());
      database.execute("SET GLOBAL super_read_only = ON");
      assertThat(errors(check(database, root)))
          .extracting(Finding::code)
          .containsExactly("HAL-115");
      database.execute("SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF");
      var account =
          database.createUser("cut", SCHEMA.replace("{schema}.*", "*.*"), "PROCESS ON *.*");
      database.execute(
          "REVOKE TRIGGER ON " + database.schema() + ".* FROM '" + account.user() + "'@'%'");
      var errors = errors(check(database, account));
      assertThat(errors).hasSize(1);
      assertThat(errors.getFirst().message()).contains("lacks TRIGGER on schema");
      database.execute(errors.getFirst().remedy());
      assertThat(errors(check(database, account))).isEmpty();
    }
  }

  private static List<Finding> check(Database database, Account account) {
    try (var session = open(database, account)) {
      return ServerChecks.check(session);
    }
  }

  private static Session open(Database database, Account account) {
    return Server.connect(
            new ConnectionSettings(database.url(), account.user(), account.password()))
        .open("checks");
  }

  private static List<Finding> errors(List<Finding> findings) {
    return findings.stream().filter(Finding::blocks).toList();
  }
}
