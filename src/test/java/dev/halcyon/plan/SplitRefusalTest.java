package dev.halcyon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;

/** What a split cannot be held together for is refused before anything is changed. */
class SplitRefusalTest {
  private static final String USERS = "id INT AUTO_INCREMENT PRIMARY KEY, line VARCHAR(50)";
  private static final String ADDRESSES =
      "id INT AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL, line VARCHAR(50), KEY (user_id),"
          + " FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE";

  private record Case(String users, String addresses, String code, String words) {}

  private static Case users(String from, String to, String code, String words) {
    return new Case(replaced(USERS, from, to), ADDRESSES, code, words);
  }

  private static Case addresses(String from, String to, String code, String words) {
    return new Case(USERS, replaced(ADDRESSES, from, to), code, words);
  }

  private static String replaced(String text, String from, String to) {
    assertThat(text).contains(from);
    return text.replace(from, to);
  }

  private static final List<Case> CASES =
      List.of(
          users("VARCHAR(50)", "VARCHAR(50) NOT NULL", "HAL-301", "differ in type"),
          users("VARCHAR(50)", "VARCHAR(60)", "HAL-301", "differ in type"),
          users("VARCHAR(50)", "VARCHAR(50) DEFAULT 'x'", "HAL-301", "has a default"),
          users("VARCHAR(50)", "VARCHAR(50) UNIQUE", "HAL-301", "the unique key"),
          users("VARCHAR(50)", "VARCHAR(50), CHECK (line <> '')", "HAL-301", "the constraint"),
          addresses("ON DELETE CASCADE", "ON DELETE RESTRICT", "HAL-301", "be deleted"),
          addresses("ON DELETE CASCADE", "", "HAL-301", "be deleted"),
          addresses("id INT AUTO_INCREMENT", "id INT", "HAL-301", "no AUTO_INCREMENT"),
          addresses("line VARCHAR(50)", "line VARCHAR(50) UNIQUE", "HAL-301", "the unique key"),
          addresses("line VARCHAR(50)", "street VARCHAR(50)", "HAL-212", "no column line"),
          addresses(
              "line VARCHAR(50)",
              "line VARCHAR(50), country CHAR(2) NOT NULL",
              "HAL-302",
              "addresses.country"),
          new Case(
              USERS,
              "id INT AUTO_INCREMENT PRIMARY KEY, user_id BIGINT, line VARCHAR(50)",
              "HAL-301",
              "not of the type"),
          new Case(
              USERS,
              "id INT AUTO_INCREMENT PRIMARY KEY, user_id INT, line VARCHAR(50)",
              "HAL-301",
              "no index"),
          new Case(
              "id INT, place INT, line VARCHAR(50), PRIMARY KEY (id, place)",
              "id INT AUTO_INCREMENT PRIMARY KEY, user_id INT, line VARCHAR(50), KEY (user_id)",
              "HAL-301",
              "no single column"));

  @EngineTest
  void namesWhatStandsAgainstIt(Database database) {
    for (Case each : CASES) {
      database.execute("CREATE TABLE users (" + each.users() + ")");
      String file =
          "-- halcyon: split users(line) -> addresses by user_id keep=first\nCREATE TABLE addresses"
              + " ("
              + each.addresses()
              + ");\nALTER TABLE users DROP COLUMN line;";
      Refusal refusal =
          catchThrowableOfType(Refusal.class, () -> PlannedChange.plan(database, file));
      assertThat(refusal).as(each.toString()).isNotNull();
      assertThat(refusal.findings())
          .as(each.toString())
          .anySatisfy(
              finding -> {
                assertThat(finding.code()).isEqualTo(each.code());
                assertThat(finding.message()).contains(each.words());
                assertThat(finding.place()).isNotNull();
              })
          .allMatch(Finding::blocks);
      database.execute("DROP TABLE users");
    }
  }

  @EngineTest
  void refusesAFileThatDoesNotDropWhatMoves(Database database) {
    database.execute("CREATE TABLE users (" + USERS + ")");
    String file =
        "-- halcyon: split users(line) -> addresses by user_id keep=first\nCREATE TABLE addresses ("
            + ADDRESSES
            + ");";

    Refusal refusal = catchThrowableOfType(Refusal.class, () -> PlannedChange.plan(database, file));
    assertThat(refusal.findings()).hasSize(1);
    assertThat(refusal.findings().getFirst().message()).contains("does not drop users.line");
  }

  @EngineTest
  void refusesAChildThatIsThereAlready(Database database) {
    database.execute(
        "CREATE TABLE users (" + USERS + ")", "CREATE TABLE addresses (" + ADDRESSES + ")");
    String file =
        "-- halcyon: split users(line) -> addresses by user_id keep=first\n"
            + "ALTER TABLE users DROP COLUMN line;";

    Refusal refusal = catchThrowableOfType(Refusal.class, () -> PlannedChange.plan(database, file));
    assertThat(refusal.findings().getFirst().message()).contains("addresses is there already");
  }
}
