package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows that are copied and rows that come through the log end as the server's own ALTER TABLE makes
 * them, which a twin of the table gets.
 */
class CapturedValuesTest {
  /**
   * @param columns of the table, its key included
   * @param rows the values that are there when the rebuild begins
   * @param writes statements on {@code {t}} that come when the rows are copied
   */
  private static void likeNative(
      Database database, String columns, List<String> rows, List<String> writes, String clauses) {
    likeNative(new Rebuilding(database), database, columns, rows, writes, clauses);
  }

  private static void likeNative(
      Rebuilding rebuilding,
      Database database,
      String columns,
      List<String> rows,
      List<String> writes,
      String clauses) {
    database.execute(
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'",
        "CREATE TABLE t (" + columns + ")",
        "CREATE TABLE twin LIKE t");
    for (var table : List.of("t", "twin")) {
      rows.forEach(row -> database.execute("INSERT INTO " + table + " VALUES (" + row + ")"));
    }
    rebuilding
        .chunks(2)
        .atStep("index", () -> writes.forEach(w -> database.execute(w.replace("{t}", "t"))))
        .run("ALTER TABLE t " + clauses);
    writes.forEach(w -> database.execute(w.replace("{t}", "twin")));
    database.execute("ALTER TABLE twin " + clauses.replaceFirst(", ALGORITHM=COPY", ""));
    assertThat(rows(database, "t")).isEqualTo(rows(database, "twin"));
    assertThat(definition(database, "t")).isEqualTo(definition(database, "twin"));
  }

  private static List<String> rows(Database database, String table) {
    var columns =
        database
            .strings(
                "SELECT column_name FROM information_schema.columns"
                    + " WHERE table_schema = DATABASE() AND table_name = '"
                    + table
                    + "' ORDER BY ordinal_position")
            .stream()
            .map(name -> "HEX(`" + name + "`)")
            .collect(Collectors.joining(", "));
    return database.strings("SELECT " + columns + " FROM " + table + " ORDER BY " + columns);
  }

  private static String definition(Database database, String table) {
    var text = database.strings("SHOW CREATE TABLE " + table).getFirst();
    return text.substring(text.indexOf("(")).replaceFirst(" AUTO_INCREMENT=\\d+", "");
  }

  @EngineTest
  void aReorderedEnumKeepsItsWords(Database database) {
    likeNative(
        database,
        "id INT PRIMARY KEY, e ENUM('a','b','c'), s SET('x','y')",
        List.of("1, 'a', 'x'", "2, 'c', 'x,y'", "3, NULL, ''"),
        List.of("INSERT INTO {t} VALUES (4, 'b', 'y')", "UPDATE {t} SET e = 'a' WHERE id = 2"),
        "MODIFY e ENUM('c','b','a','d'), MODIFY s SET('y','x')");
  }

  @EngineTest
  void anEnumBecomesText(Database database) {
    likeNative(
        database,
        "id INT PRIMARY KEY, e ENUM('a','ü') CHARACTER SET latin1",
        List.of("1, 'a'", "2, 'ü'"),
        List.of("INSERT INTO {t} VALUES (4, 'ü')"),
        "MODIFY e VARCHAR(20) CHARACTER SET utf8mb4");
  }

  @EngineTest
  void textsOfSeveralCharacterSetsAreConverted(Database database) {
    likeNative(
        database,
        "id INT PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1, b VARCHAR(20) CHARACTER SET gbk,"
            + " c CHAR(20) CHARACTER SET ucs2, d VARBINARY(20)",
        List.of("1, 'é', '中', 'я', x'ff00'", "2, '', '', '', ''"),
        List.of(
            "INSERT INTO {t} VALUES (3, 'ÿ ', '国', 'ж ', x'fe')",
            "UPDATE {t} SET a = 'ß' WHERE id = 1"),
        "MODIFY a VARCHAR(20) CHARACTER SET utf8mb4, MODIFY b VARCHAR(20) CHARACTER SET utf8mb4,"
            + " MODIFY c CHAR(20) CHARACTER SET utf8mb4");
  }

  @EngineTest
  void datesAndTimesKeepTheirMeaning(Database database, CaptureBy by) {
    likeNative(
        new Rebuilding(database).by(by),
        database,
        "id INT PRIMARY KEY, a TIMESTAMP NULL, b DATETIME, c TIME, d DATE",
        List.of(
            "1, '2024-10-27 02:30:00', '0000-00-00', '-838:59:59', '0000-00-00'",
            "2, NULL, '2024-02-30 01:02:03', '-00:00:01', '2024-00-10'"),
        List.of(
            "INSERT INTO {t} VALUES (3, '2024-03-31 01:30:00', '2024-01-01', '12:00', '2024-01-01')",
            "UPDATE {t} SET c = '-12:34:56' WHERE id = 2"),
        "MODIFY a TIMESTAMP(3) NULL, MODIFY b DATETIME(6), MODIFY c TIME(2)");
  }

  @EngineTest
  void numbersGrowWithoutLoss(Database database) {
    likeNative(
        database,
        "id BIGINT UNSIGNED PRIMARY KEY, a INT UNSIGNED, b DECIMAL(10,3), c BIT(5), d FLOAT",
        List.of("1, 4294967295, -1234567.891, b'10101', 0.1", "18446744073709551615, 0, 0, 0, 0"),
        List.of(
            "INSERT INTO {t} VALUES (9223372036854775808, 4294967294, 0.001, b'11111', 3.4e38)",
            "DELETE FROM {t} WHERE id = 18446744073709551615"),
        "MODIFY a BIGINT UNSIGNED, MODIFY b DECIMAL(20,5), MODIFY c BIT(9), MODIFY d DOUBLE");
  }

  @EngineTest(Engine.MYSQL)
  void jsonKeepsItsDecimals(Database database) {
    likeNative(
        database,
        "id INT PRIMARY KEY, j JSON",
        List.of("1, JSON_OBJECT('d', CAST('1.50' AS DECIMAL(10,2)))", "2, '[1, 1e100]'"),
        List.of("INSERT INTO {t} VALUES (3, JSON_ARRAY(CAST('0.10' AS DECIMAL(5,2)), 1e100, 'ä'))"),
        "ADD COLUMN x INT, MODIFY id BIGINT");
  }

  @EngineTest
  void generatedColumnsAreMadeAnew(Database database) {
    likeNative(
        database,
        "id INT PRIMARY KEY, a INT, s INT AS (a + 1) STORED, v INT AS (a + 2) VIRTUAL, UNIQUE (s)",
        List.of("1, 10, DEFAULT, DEFAULT", "2, 20, DEFAULT, DEFAULT"),
        List.of("INSERT INTO {t} (id, a) VALUES (3, 30)", "UPDATE {t} SET a = 11 WHERE id = 1"),
        "MODIFY a BIGINT, MODIFY s BIGINT AS (a + 3) STORED");
  }

  @EngineTest
  void aRenamedColumnMayLeaveItsNameToANewOne(Database database) {
    likeNative(
        database,
        "id INT PRIMARY KEY, a INT, b VARCHAR(5) NOT NULL",
        List.of("1, 10, 'x'", "2, 20, 'y'"),
        List.of("INSERT INTO {t} VALUES (3, 30, 'z')", "UPDATE {t} SET a = 11 WHERE id = 1"),
        "CHANGE a old_a BIGINT, ADD COLUMN a INT DEFAULT 5, DROP COLUMN b,"
            + " ADD COLUMN n INT NOT NULL, CHANGE id ID BIGINT NOT NULL");
  }

  @EngineTest
  void keysThatCompareEqualAreOneRow(Database database, CaptureBy by) {
    likeNative(
        new Rebuilding(database).by(by),
        database,
        "k VARCHAR(10) PRIMARY KEY, v INT",
        List.of("'a', 1", "'b', 2", "'ü', 3"),
        List.of(
            "UPDATE {t} SET k = 'A' WHERE k = 'a'",
            "DELETE FROM {t} WHERE k = 'B'",
            "INSERT INTO {t} VALUES ('B', 5)",
            "UPDATE {t} SET k = 'u', v = 4 WHERE v = 3"),
        "MODIFY v BIGINT");
  }

  @EngineTest
  void keysOfBytesAndOfSeveralColumns(Database database, CaptureBy by) {
    likeNative(
        new Rebuilding(database).by(by),
        database,
        "a VARBINARY(8), b INT, c DATE, v INT, PRIMARY KEY (a, b, c)",
        List.of(
            "x'ab', -1, '2024-01-01', 1", "x'ab00', 0, '2024-01-02', 2", "x'', 5, '2024-01-03', 3"),
        List.of(
            "UPDATE {t} SET a = x'ff27', b = -7 WHERE v = 1",
            "UPDATE {t} SET v = 22, b = b WHERE v = 2",
            "DELETE FROM {t} WHERE a = ''",
            "INSERT INTO {t} VALUES (x'5c', -2147483648, '2024-02-29', 9)"),
        "MODIFY v BIGINT");
  }

  @EngineTest
  void anAlgorithmThatTheUserGivesIsNotTaken(Database database) {
    likeNative(
        database,
        "id INT PRIMARY KEY, v INT",
        List.of("1, 1"),
        List.of("INSERT INTO {t} VALUES (2, 2)"),
        "MODIFY v BIGINT, ALGORITHM=COPY");
  }

  @EngineTest
  void aValueThatDoesNotFitEndsTheRun(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))",
        "INSERT INTO t VALUES (1, 'short'), (2, 'much too long')");
    assertThatThrownBy(() -> new Rebuilding(database).run("ALTER TABLE t MODIFY v VARCHAR(5)"))
        .hasMessageContaining("column 'v' at row");
    assertThat(database.count("t")).isEqualTo(2);
  }
}
