package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Column;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.plan.Planner;
import dev.halcyon.sql.Script;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Changes rehearsed one after the other in one session. */
class RehearsalChainTest {
  private static final String USERS =
      "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL,"
          + " email VARCHAR(60) NULL)";

  private static ServerFacts facts(Practice practice, String text) {
    return practice.rehearsal().facts(practice.script(text), List.of());
  }

  private static List<String> columns(Map<String, TableSchema> tables, String table) {
    return Objects.requireNonNull(tables.get(table)).columns().stream().map(Column::name).toList();
  }

  /** Each on temporary copies, on real ones, and on temporary ones again. */
  @EngineTest
  void eachChangeBeginsWhereTheOneBeforeItEnds(Database database) {
    database.execute(USERS);
    var files = new TreeMap<String, String>();
    for (int i = 1; i <= 3; i++) {
      files.put("V" + i + "__add.sql", "ALTER TABLE users ADD COLUMN c" + i + " INT NULL;");
    }
    files.put("V4__rename.sql", "ALTER TABLE users RENAME COLUMN c2 TO d2;");
    files.put("V5__drop.sql", "ALTER TABLE users DROP COLUMN c3;");
    files.put("V6__add.sql", "ALTER TABLE users ADD COLUMN c6 INT NULL;");
    files.put("V7__new.sql", "CREATE TABLE notes (id INT PRIMARY KEY);");
    files.put("V8__more.sql", "ALTER TABLE notes ADD COLUMN text VARCHAR(20) NULL;");
    files.put("V9__gone.sql", "DROP TABLE notes;");
    var seen = new TreeMap<String, List<String>>();
    try (var practice = new Practice(database)) {
      List<Script> scripts = practice.scripts(files);
      practice.rehearsal().expect(scripts);
      for (Script script : scripts) {
        ServerFacts facts = practice.rehearsal().facts(script, List.of());
        assertThat(practice.rehearsal().rehearse(Planner.draft(script, facts))).isNotEmpty();
        facts
            .before()
            .keySet()
            .forEach(t -> seen.put(script.version().text(), columns(facts.before(), t)));
        practice.assume(script.version());
      }
    }
    assertThat(seen.get("2")).containsExactly("id", "name", "email", "c1");
    assertThat(seen.get("4")).containsExactly("id", "name", "email", "c1", "c2", "c3");
    assertThat(seen.get("5")).containsExactly("id", "name", "email", "c1", "d2", "c3");
    assertThat(seen.get("6")).containsExactly("id", "name", "email", "c1", "d2");
    assertThat(seen.get("9")).containsExactly("id", "text");
    assertThat(seen).doesNotContainKey("7");
  }

  @EngineTest
  void whatAnAbandonedChangeHasMadeIsGone(Database database) {
    database.execute(USERS);
    try (var practice = new Practice(database)) {
      var first = facts(practice, "CREATE TABLE notes (id INT PRIMARY KEY, a INT);");
      assertThat(columns(first.after(), "notes")).containsExactly("id", "a");
      var second = facts(practice, "CREATE TABLE notes (id INT PRIMARY KEY, b INT);");
      assertThat(columns(second.after(), "notes")).containsExactly("id", "b");
      var refusal =
          catchThrowableOfType(
              Refusal.class, () -> facts(practice, "ALTER TABLE notes ADD COLUMN c INT NULL;"));
      assertThat(refusal.findings())
          .extracting(Finding::message)
          .first()
          .asString()
          .contains("1146");
      var users = facts(practice, "ALTER TABLE users ADD COLUMN c INT NULL;");
      assertThat(columns(users.after(), "users")).containsExactly("id", "name", "email", "c");
      var again = facts(practice, "ALTER TABLE users ADD COLUMN d INT NULL;");
      assertThat(columns(again.after(), "users")).containsExactly("id", "name", "email", "d");
    }
  }

  @Test
  void aRenameWithoutItsWordIsSeen() {
    assertThat(TemporaryTables.suffice("ALTER TABLE users RENAME people")).isFalse();
    assertThat(TemporaryTables.suffice("ALTER TABLE users RENAME INDEX a TO b")).isTrue();
  }
}
