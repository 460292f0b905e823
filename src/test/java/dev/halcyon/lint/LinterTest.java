package dev.halcyon.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.ScriptParser;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the rules are told, and what becomes of their findings. */
class LinterTest {
  private static final String USERS =
      "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100), age INT NOT NULL DEFAULT 0);";

  private final List<SourceFile> files = new ArrayList<>();
  private KnownSchema before = KnownSchema.open();
  private boolean given;
  private Accepted accepted = Accepted.NOTHING;
  private Predicate<String> chosen = _ -> true;
  private Target target = Target.parse("mysql-8.0.33").orElseThrow();
  private Levels levels = Levels.NONE;

  @Test
  void earlierFilesTellWhatTheSchemaIs() {
    file("V1__users.sql", USERS);
    file("V2__email.sql", "ALTER TABLE users MODIFY email VARCHAR(200);");
    file("V3__email.sql", "ALTER TABLE users MODIFY email VARCHAR(150);");

    assertThat(lint()).containsExactly("V3__email.sql:1:19 H105", "V3__email.sql:1:19 H201");
  }

  @Test
  void laterFilesDoNot() {
    file("V1__email.sql", "ALTER TABLE users MODIFY email VARCHAR(50) CHARACTER SET ascii;");
    file("V2__users.sql", USERS);

    assertThat(lint()).containsExactly("V1__email.sql:1:19 H105");
  }

  @Test
  void aGivenSchemaIsThatBeforeTheChosenFiles() {
    before = KnownSchema.of(statements(USERS + "CREATE VIEW v AS SELECT email FROM users;"));
    given = true;
    file("V1__old.sql", "ALTER TABLE users DROP COLUMN email, ADD COLUMN email INT;");
    file("V2__new.sql", "ALTER TABLE users MODIFY email VARCHAR(50);");
    chosen = "V2__new.sql"::equals;

    assertThat(lint()).containsExactly("V2__new.sql:1:19 H105", "V2__new.sql:1:19 H201");
  }

  @Test
  void namesAreComparedWithoutRegardToCase() {
    file("V1__users.sql", USERS);
    file("V2__email.sql", "ALTER TABLE Users MODIFY EMAIL varchar(100) NOT NULL;");

    assertThat(lint()).containsExactly("V2__email.sql:1:19 H106");
  }

  @Test
  void aTableThatTheChangeCreatesIsNotInUse() {
    file(
        "V1__users.sql", USERS + "ALTER TABLE users DROP COLUMN age, RENAME COLUMN email TO mail;");

    assertThat(lint()).isEmpty();
  }

  @Test
  void whatAFileAllowsIsNoFindingInItAndInNoOther() {
    file("V1__users.sql", USERS);
    file(
        "V2__a.sql",
        "-- halcyon: allow H110 because only reports read it\n"
            + "ALTER TABLE users ALTER COLUMN age SET DEFAULT 1;");
    file("V3__b.sql", "ALTER TABLE users ALTER COLUMN age SET DEFAULT 2;");

    assertThat(lint()).containsExactly("V3__b.sql:1:19 H110");
  }

  @Test
  void aRepeatableFileMayAllow() {
    file(
        "R__v.sql",
        "-- halcyon: allow H501 because it is short\nCREATE VIEW v AS SELECT * FROM t;");
    file("R__w.sql", "CREATE VIEW w AS SELECT * FROM t;");

    assertThat(lint()).containsExactly("R__w.sql:1:25 H501");
  }

  @Test
  void allowingNothingIsAFinding() {
    file("V1__users.sql", "-- halcyon: allow H101 because of old times\n" + USERS);
    file("V2__a.sql", "-- halcyon: allow H999 because of a slip\n" + "CREATE VIEW v AS SELECT 1;");

    assertThat(lint()).containsExactly("V1__users.sql:1:1 HAL-212", "V2__a.sql:1:1 HAL-211");
  }

  @Test
  void aReasonIsRequired() {
    file("V1__users.sql", "-- halcyon: allow H101\n" + USERS);

    assertThat(lint()).containsExactly("V1__users.sql:1:1 HAL-211");
  }

  @Test
  void levelsAreTheProjects() {
    file("V1__users.sql", USERS);
    file(
        "V2__a.sql", "ALTER TABLE users ALTER COLUMN age SET DEFAULT 1, RENAME COLUMN email TO e;");

    levels = new Levels(Map.of("H110", "off", "H102", "error"));

    assertThat(findings())
        .hasSize(1)
        .first()
        .matches(Finding::blocks)
        .extracting("code")
        .isEqualTo("H102");
  }

  @Test
  void levelsOfNoRuleAreRefused() {
    assertThatThrownBy(() -> new Levels(Map.of("H999", "off"))).hasMessageContaining("H999");
    assertThatThrownBy(() -> new Levels(Map.of("H101", "loud"))).hasMessageContaining("loud");
  }

  @Test
  void theFormatOfTheLogDecidesWhatIsUnsafe() {
    file("V1__users.sql", USERS);
    file("V2__a.sql", "-- halcyon: phase expand\nUPDATE users SET email = UUID() WHERE id = 1;");

    assertThat(level("H401")).isEqualTo("WARNING");
    target = target.withLog(Target.Log.STATEMENT);
    assertThat(level("H401")).isEqualTo("ERROR");
    target = target.withLog(Target.Log.ROW);
    assertThat(level("H401")).isEmpty();
  }

  @Test
  void engineAndVersionDecideWhatAPlaceCosts() {
    file("V1__users.sql", USERS);
    file("V2__a.sql", "ALTER TABLE users ADD COLUMN a INT AFTER id;");

    assertThat(level("H212")).isEmpty();
    target = Target.parse("mysql-8.0.28").orElseThrow();
    assertThat(level("H212")).isEqualTo("WARNING");
    target = Target.parse("mariadb-10.6").orElseThrow();
    assertThat(level("H212")).isEmpty();
  }

  @Test
  void whatTheServerHasSaidOfAClauseOutranksWhatIsKnownOfItsKind() {
    file("V1__users.sql", USERS);
    file("V2__a.sql", "ALTER TABLE users MODIFY email VARCHAR(200), ADD INDEX (age);");
    file("V3__b.sql", "ALTER TABLE users MODIFY age BIGINT NOT NULL DEFAULT 0;");

    assertThat(lint()).containsExactly("V3__b.sql:1:19 H201");
    accepted =
        new Accepted(
            Map.of(
                new Place("V2__a.sql", 1, 19), Accepted.Way.COPY,
                new Place("V2__a.sql", 1, 46), Accepted.Way.IN_PLACE,
                new Place("V3__b.sql", 1, 19), Accepted.Way.INSTANT));
    assertThat(lint()).containsExactly("V2__a.sql:1:19 H201");
    assertThat(findings().getFirst().message())
        .startsWith(
            "MODIFY email VARCHAR(200) cannot be done in a lighter way: the server writes users");
  }

  @Test
  void whatCannotBeReadIsSaidInTheGrammarsWords() {
    file("V1__a.sql", "ALTER TABLE users ADD COLUMN;");

    assertThat(lint()).containsExactly("V1__a.sql:1:29 HAL-210");
  }

  @Test
  void theSameInputGivesTheSameFindings() {
    file("V1__users.sql", USERS);
    file("V2__a.sql", "ALTER TABLE users DROP COLUMN age, DROP COLUMN email;");

    assertThat(findings()).isEqualTo(findings()).hasSize(2);
  }

  private void file(String name, String text) {
    files.add(new SourceFile(name, text));
  }

  private List<String> lint() {
    return findings().stream().map(f -> f.place() + " " + f.code()).toList();
  }

  private String level(String rule) {
    return findings().stream()
        .filter(f -> f.code().equals(rule))
        .map(f -> f.level().name())
        .findFirst()
        .orElse("");
  }

  private List<Finding> findings() {
    var folder = ScriptParser.parse(target.engine(), "shop", files);
    return Linter.lint(
        new Subject(folder, before, given, accepted, chosen, target, levels, History.NONE));
  }

  private List<Statement> statements(String text) {
    return Ddl.parse(target.engine(), "shop", new SourceFile("schema.sql", text)).statements();
  }
}
