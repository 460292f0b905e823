package dev.halcyon.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which tables and columns a statement uses. */
class StatementReaderTest {
  private static final StatementReader READER = new StatementReader(programs());

  @Test
  void whatIsNamedIsUsed() {
    assertUses("SELECT email FROM users", "users", "users.email");
    assertUses("SELECT `email` FROM `users` WHERE `id` = ?", "users", "users.email", "users.id");
    assertUses("SELECT COUNT ( * ) FROM `users`", "users");
    assertUses("UPDATE `log` SET `a` = ?", "log", "log.a");
    assertUses("SELECT legacy FROM others", "others");
    assertUses("SET STATEMENT `max_rows` = ? FOR SELECT id FROM log", "log");
    assertUses("SET STATEMENT `max_rows` = ? FOR SHOW CREATE TABLE `users`");
  }

  @Test
  void whatNamesNothingUsesEveryColumn() {
    assertUses("SELECT * FROM log", "log", "log.a", "log.b");
    assertUses("INSERT INTO log VALUES (...)", "log", "log.a", "log.b");
    assertUses("SELECT l . * FROM log l", "log", "log.a", "log.b");
  }

  @Test
  void viewsAndProgramsUseWhatTheyName() {
    assertUses("SELECT nothing FROM v", "v", "users", "users.id", "users.legacy");
    assertUses("SELECT f ( ? )", "users", "users.legacy", "users.id");
    assertUses("SELECT `f` ( ? )", "users", "users.legacy", "users.id");
    assertUses("SELECT shop.f(1)", "users", "users.legacy", "users.id");
    assertUses("CALL p ( ? )", "users", "users.email");
    assertUses("CALL `shop` . `p` ( ? )", "users", "users.email");
    assertUses("CALL p ( `f` ( ? ) )", "users", "users.email", "users.legacy", "users.id");
    assertUses("CALL calls_f ()", "users", "users.legacy", "users.id");
    assertUses(
        "INSERT INTO users (id) VALUES (?)", "users", "users.id", "users.email", "log", "log.a");
    assertUses("SELECT id FROM users FOR UPDATE", "users", "users.id");
    assertUses("CALL mysql.rds_kill(?)");
  }

  @Test
  void whatCannotBeReadCouldBeAnything() {
    assertThat(READER.read("EXECUTE `s1`", true, "shop")).isEqualTo(Use.ANYTHING);
    assertThat(READER.read("CALL unknown()", true, "shop")).isEqualTo(Use.ANYTHING);
    assertThat(READER.read("CALL hidden()", true, "shop")).isEqualTo(Use.ANYTHING);
    assertThat(READER.read("CALL dynamic()", true, "shop")).isEqualTo(Use.ANYTHING);
    assertThat(READER.read("SELECT id , email", false, "shop")).isEqualTo(Use.ANYTHING);
    assertThat(READER.read("", false, "shop")).isEqualTo(Use.ANYTHING);
    assertThat(READER.read("SELECT secret FROM hidden_view", true, "shop").anything()).isTrue();
  }

  @Test
  void halcyonsOwnAndChangesOfTheSchemaUseNothing() {
    assertUses("SELECT COUNT(*) FROM users WHERE id > ? AND ( SELECT ? AS `hal_own` ) = ?");
    assertUses("INSERT INTO users_hal_new (id) SELECT id FROM users");
    assertUses("SELECT state FROM halcyon_step");
    assertUses("ALTER TABLE users DROP COLUMN legacy");
    assertUses("CREATE VIEW w AS SELECT legacy FROM users");
    assertUses(
        "CREATE OR REPLACE DEFINER = `a` @`b` TRIGGER t BEFORE INSERT ON users FOR EACH ROW");
    assertThat(READER.read("CREATE TABLE t ( id INTEGER , long", false, "shop"))
        .isEqualTo(Use.NONE);
    assertThat(READER.read("SELECT * FROM users", true, "halcyon_scratch_1")).isEqualTo(Use.NONE);
  }

  @Test
  void aSchemasNameDecides() {
    assertThat(READER.read("SELECT id FROM users", true, "other")).isEqualTo(Use.NONE);
    assertThat(READER.read("SELECT id FROM shop.users", true, "other").elements())
        .containsExactly("users", "users.id");
  }

  @Test
  void whatSomebodySeesToCountsForNothing() {
    var without = new StatementReader(programs().without(Set.of("v", "tr")));
    assertThat(without.read("SELECT nothing FROM v", true, "shop").elements()).containsExactly("v");
    assertThat(without.read("DELETE FROM users", true, "shop").elements()).containsExactly("users");
  }

  private static void assertUses(String text, String... elements) {
    var use = READER.read(text, true, "shop");
    assertThat(use.anything()).describedAs(text).isFalse();
    assertThat(use.elements()).describedAs(text).containsExactlyInAnyOrder(elements);
  }

  private static Programs programs() {
    Map<String, Set<String>> tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    tables.put("users", Set.of("id", "email", "legacy"));
    tables.put("log", Set.of("a", "b"));
    Map<String, @Nullable String> views = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    views.put(
        "shop.v",
        "select `shop`.`users`.`id` AS `id`,`shop`.`users`.`legacy` AS `old`"
            + " from `shop`.`users`");
    views.put("shop.hidden_view", null);
    Map<String, @Nullable String> routines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    routines.put("shop.f", "RETURN (SELECT MAX(legacy) FROM users WHERE id > x)");
    routines.put(
        "shop.p",
        "BEGIN DECLARE q INT; SELECT COUNT(*), 2 * 3 INTO q FROM users" + " WHERE email = x; END");
    routines.put("shop.calls_f", "BEGIN SET @x = f(1); END");
    routines.put("shop.dynamic", "BEGIN PREPARE s FROM @x; EXECUTE s; END");
    routines.put("shop.hidden", null);
    Map<String, Map<String, String>> triggers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    triggers.put("users", Map.of("tr", "INSERT INTO log (a) VALUES (NEW.email)"));
    return new Programs("shop", tables, views, routines, triggers);
  }
}
