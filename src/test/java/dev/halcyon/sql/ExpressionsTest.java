package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionsTest {
  private static final List<String> COLUMNS =
      List.of("a", "b`c", "date", "year", "day", "end", "status", "concat", "key", "x", "time");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a + 1 | NEW.`a` + 1",
        "A/100 | NEW.`A`/100",
        "`b``c` | NEW.`b``c`",
        "concat(a, 'a', \"a\") | concat(NEW.`a`, 'a', \"a\")",
        "`concat`(a) | `concat`(NEW.`a`)",
        "concat | NEW.`concat`",
        "other.a + a.other | other.a + a.other",
        "@a + a | @a + NEW.`a`",
        "CAST(a AS date) | CAST(NEW.`a` AS date)",
        "CAST(date AS CHAR) | CAST(NEW.`date` AS CHAR)",
        "CONVERT(a, date) | CONVERT(NEW.`a`, date)",
        "CONVERT(date, CHAR) | CONVERT(NEW.`date`, CHAR)",
        "CONVERT(a USING utf8mb4) | CONVERT(NEW.`a` USING utf8mb4)",
        "DATE '2020-01-01' + date | DATE '2020-01-01' + NEW.`date`",
        "date + INTERVAL 1 day | NEW.`date` + INTERVAL 1 day",
        "date + INTERVAL day day | NEW.`date` + INTERVAL NEW.`day` day",
        "date + INTERVAL (a + 1) year | NEW.`date` + INTERVAL (NEW.`a` + 1) year",
        "EXTRACT(year FROM date) | EXTRACT(year FROM NEW.`date`)",
        "TIMESTAMPDIFF(day, date, x) | TIMESTAMPDIFF(day, NEW.`date`, NEW.`x`)",
        "CASE status WHEN 1 THEN a ELSE x END | CASE NEW.`status` WHEN 1 THEN NEW.`a` ELSE"
            + " NEW.`x` END",
        "CASE WHEN a THEN NULL END | CASE WHEN NEW.`a` THEN NULL END",
        "CASE WHEN a THEN CASE WHEN x THEN 1 END END | CASE WHEN NEW.`a` THEN CASE WHEN NEW.`x`"
            + " THEN 1 END END",
        "a COLLATE utf8mb4_bin LIKE x | NEW.`a` COLLATE utf8mb4_bin LIKE NEW.`x`",
        "x'41' + x | x'41' + NEW.`x`",
        "a = x AND (year IS NULL OR NOT end) | NEW.`a` = NEW.`x` AND (NEW.`year` IS NULL OR NOT"
            + " NEW.`end`)",
        "a -- a | NEW.`a` -- a",
        "/* a */ a | /* a */ NEW.`a`",
        "key | NEW.`key`",
        "JSON_VALUE(a, '$.a') | JSON_VALUE(NEW.`a`, '$.a')",
        "a->'$.x' | NEW.`a`->'$.x'",
        "time(time) | time(NEW.`time`)"
      })
  void qualifiesColumnsOnly(String expression, String expected) {
    assertThat(Expressions.qualify(expression, COLUMNS, "NEW")).isEqualTo(expected);
  }

  @Test
  void namesTheColumnsOfAnExpression() {
    assertThat(Expressions.identifiers("IF(b > 1, CONCAT(`a`, 'c', d), DATE(B) + t.e)"))
        .containsExactly("a", "b", "d");
  }

  @Test
  void renamesOneColumn() {
    assertThat(Expressions.rename("email <> '' AND `Email` LIKE x.email", "email", "mail"))
        .isEqualTo("`mail` <> '' AND `mail` LIKE x.email");
  }

  @Test
  void seesSubqueries() {
    assertThat(Expressions.hasSubquery("(SELECT 1)")).isTrue();
    assertThat(Expressions.hasSubquery("'SELECT' + `select`")).isFalse();
  }

  @Test
  void mentionsAreCautious() {
    assertThat(Expressions.mentions("select x.email from x", "EMAIL")).isTrue();
    assertThat(Expressions.mentions("select 'email', email(1) /* email */", "email")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "select `shop`.`users`.`email` AS `email` from `shop`.`users`"
            + " | select `shop`.`users`.`mail` AS `email` from `shop`.`users`",
        "select `u`.`email` AS `email`,`o`.`email` AS `e` from (`shop`.`users` `u` join"
            + " `shop`.`orders` `o` on(`o`.`id` = `u`.`email`))"
            + " | select `u`.`mail` AS `email`,`o`.`email` AS `e` from (`shop`.`users` `u` join"
            + " `shop`.`orders` `o` on(`o`.`id` = `u`.`mail`))",
        "select concat(`users`.`email`) from `shop`.`orders` `users`"
            + " | select concat(`users`.`email`) from `shop`.`orders` `users`",
        "select concat(`o`.`users`) AS `x`,`x`.`email` from `orders` `o` join `x`"
            + " | select concat(`o`.`users`) AS `x`,`x`.`email` from `orders` `o` join `x`"
      })
  void renamesColumnsInViews(String view, String expected) {
    assertThat(Expressions.renameColumn(view, "users", "email", "mail")).isEqualTo(expected);
  }

  @Test
  void renamesColumnsOfTheRowInTriggers() {
    assertThat(
            Expressions.renameRowColumn(
                "BEGIN SET NEW.email = LOWER(old . `Email`), x.email = 'NEW.email'; END",
                "email",
                "mail"))
        .isEqualTo("BEGIN SET NEW.`mail` = LOWER(old . `mail`), x.email = 'NEW.email'; END");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "select `shop`.`users`.`id` AS `users` from `shop`.`users`"
            + " | select `shop`.`people`.`id` AS `users` from `shop`.`people`",
        "select `u`.`users` AS `x` from (`o` join `shop`.`users` `u`)"
            + " | select `u`.`users` AS `x` from (`o` join `shop`.`people` `u`)",
        "select `users`.`id` from `shop`.`orders` `users`"
            + " | select `users`.`id` from `shop`.`orders` `users`"
      })
  void renamesTablesInViews(String view, String expected) {
    assertThat(Expressions.renameTable(view, "users", "people")).isEqualTo(expected);
  }
}
