package dev.halcyon.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.binlog.RowChange.Inserted;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;

/** Every type's values go from the log into a table of the same columns unchanged. */
class RowValuesTest {
  private static final String STRICTLESS =
      "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00'";

  private static void roundTrip(Database database, String columns, List<String> rows) {
    database.execute(
        STRICTLESS,
        "CREATE TABLE t (id INT PRIMARY KEY, " + columns + ")",
        "CREATE TABLE copied LIKE t");
    try (var following = Following.of(database, "t")) {
      for (var i = 0; i < rows.size(); i++) {
        database.execute("INSERT INTO t VALUES (" + i + ", " + rows.get(i) + ")");
      }
      for (var row : rows) {
        for (var change : following.next().changes()) {
          assertThat(change).as(row).isInstanceOf(Inserted.class);
          if (change instanceof Inserted(var after)) {
            database.execute(
                "INSERT INTO copied VALUES " + Following.values(following.table("t"), after));
          }
        }
      }
    }
    var names =
        database.strings(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
                + " AND table_name = 't' ORDER BY ordinal_position");
    for (var name : names) {
      var one = "HEX(t." + name + ")";
      var other = "HEX(copied." + name + ")";
      assertThat(
              database.strings(
                  "SELECT t.id, LEFT(%1$s, 300), LEFT(%2$s, 300), LENGTH(%1$s), LENGTH(%2$s)"
                          .formatted(one, other)
                      + " FROM t LEFT JOIN copied USING (id) WHERE copied.id IS NULL"
                      + " OR NOT (%s <=> %s)".formatted(one, other)))
          .as(name)
          .isEmpty();
    }
  }

  @EngineTest
  void numbers(Database database) {
    roundTrip(
        database,
        "a TINYINT, b TINYINT UNSIGNED, c SMALLINT, d MEDIUMINT UNSIGNED, e MEDIUMINT, f INT,"
            + " g BIGINT, h BIGINT UNSIGNED, i FLOAT, j DOUBLE, k DECIMAL(65,30), l DECIMAL(10,0),"
            + " m DECIMAL(5,5), n BIT(1), o BIT(64), p YEAR, q BOOLEAN",
        List.of(
            "-128, 255, -32768, 16777215, -8388608, -2147483648, -9223372036854775808,"
                + " 18446744073709551615, -1.17549e-38, -2.2250738585072014e-308,"
                + " -12345678901234567890123456789012345.123456789012345678901234567891,"
                + " -1234567890, -0.99999, b'1', b'1000000000000000000000000000000000000000000000001',"
                + " 1901, TRUE",
            "127, 0, 32767, 0, 8388607, 2147483647, 9223372036854775807, 0, 3.40282e38,"
                + " 1.7976931348623157e308, 0.000000000000000000000000000001, 0, 0.00001, 0,"
                + " x'ffffffffffffffff', 2155, FALSE",
            "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0.1, 0.1, NULL, 9999999999, 0, NULL,"
                + " NULL, 0, NULL",
            "-1, 1, -1, 1, -1, -1, -1, 1, 16777217, 1e22, -1, 1, -0.1, 0, 1, 2000, 2"));
  }

  @EngineTest
  void datesAndTimes(Database database) {
    roundTrip(
        database,
        "a DATE NULL, b DATETIME NULL, c DATETIME(6) NULL, d DATETIME(3) NULL, e TIME NULL,"
            + " f TIME(1) NULL, g TIME(6) NULL, h TIMESTAMP NULL, i TIMESTAMP(5) NULL",
        List.of(
            "'0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '-838:59:59',"
                + " '-00:00:00.1', '-00:00:01.000001', '0000-00-00', '0000-00-00'",
            "'2024-02-30', '9999-12-31 23:59:59', '1000-01-01 00:00:00.000001',"
                + " '2024-00-10 01:02:03.004', '838:59:59', '12:34:56.7', '-12:34:56.000007',"
                + " '2038-01-19 03:14:07', '1970-01-01 00:00:01.00001'",
            "NULL, NULL, NULL, NULL, NULL, NULL, '-00:59:59.999999', NULL, NULL",
            "'2024-10-27', '2024-10-27 02:30:00', '2024-10-27 02:30:00.5', '0001-01-01', '00:00:00',"
                + " '-01:00:00.0', '00:00:00.999999', '2024-10-27 00:30:00', '2024-10-27 01:30:00.5'"));
  }

  @EngineTest
  void textsAndBytesOfManyCharacterSets(Database database) {
    roundTrip(
        database,
        "a CHAR(10) CHARACTER SET latin1, b VARCHAR(300) CHARACTER SET latin1,"
            + " c VARCHAR(20) CHARACTER SET utf8mb4, d VARCHAR(20) CHARACTER SET gbk,"
            + " e VARCHAR(20) CHARACTER SET ucs2, f TEXT CHARACTER SET utf8mb3, g BINARY(4),"
            + " h VARBINARY(300), i BLOB, j CHAR(255) CHARACTER SET utf8mb4,"
            + " k ENUM('a','b','ü') CHARACTER SET latin1, l SET('x','y','z'), m LONGTEXT",
        List.of(
            "'é', 'ÿ', '😀', '中', 'я', 'ß', x'00ab0020', x'00ff', x'ab', 'ü', 'ü', 'x,z', 'm'",
            "'', '', '', '', '', '', '', '', '', '', 'a', '', ''",
            "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
            "' a', ' a ', 'a\\'\\\\\\0b', 'x', 'x', 'x', x'20202020', x'0d0a', x'00', ' ', 'no such',"
                + " 'x,y,z', REPEAT('long ', 20000)"));
  }

  @EngineTest
  void shapes(Database database) {
    roundTrip(
        database,
        "a POINT, b GEOMETRY",
        List.of(
            "ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('LINESTRING(0 0, 1 1)')",
            "NULL, NULL"));
  }

  @EngineTest
  void generatedColumnsOfEitherKind(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, v INT AS (a + 1) VIRTUAL,"
            + " s INT AS (a + 2) STORED, b VARCHAR(5), KEY (v))");
    try (var following = Following.of(database, "t")) {
      database.execute("INSERT INTO t (id, a, b) VALUES (1, 5, 'x')", "DELETE FROM t");

      assertThat(following.next().text()).containsExactly("+(1,5,_utf8mb4 x'78')");
      assertThat(following.next().text()).containsExactly("-(1,5,_utf8mb4 x'78')");
    }
  }

  @EngineTest(Engine.MYSQL)
  void columnsThatTheServerHides(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9), j JSON, KEY f ((LOWER(a))),"
            + " KEY m ((CAST(j->'$[*]' AS UNSIGNED ARRAY))))");
    try (var following = Following.of(database, "t")) {
      database.execute("INSERT INTO t VALUES (1, 'X', '[1, 2]')", "UPDATE t SET a = 'Y'");

      assertThat(following.next().text().getFirst()).startsWith("+(1,_utf8mb4 x'58',");
      assertThat(following.next().text().getFirst()).contains(">(1,_utf8mb4 x'59',");
    }
  }

  @EngineTest(Engine.MYSQL)
  void json(Database database) {
    roundTrip(
        database,
        "j JSON",
        List.of(
            "'{\"a\": [1, -1, 2.5, true, null, \"ä😀\\\\n\"], \"\": {}}'",
            "'null'",
            "NULL",
            "'18446744073709551615'",
            "'-9223372036854775808'",
            "'1e100'",
            "'0.1'",
            "'\"text\"'",
            "JSON_OBJECT('d', CAST('1.50' AS DECIMAL(10,2)), 'n', 1)",
            "JSON_ARRAY(CAST('2024-02-29' AS DATE), CAST('10:11:12.5' AS TIME(6)),"
                + " CAST('2024-02-29 01:02:03.000004' AS DATETIME(6)))",
            "CAST(CAST('-0.001' AS DECIMAL(5,3)) AS JSON)",
            "CONCAT('[', REPEAT('\"0123456789\",', 8000), '0]')"));
    assertThat(
            database.strings(
                "SELECT t.id FROM t JOIN copied USING (id) WHERE JSON_TYPE(t.j) <>"
                    + " JSON_TYPE(copied.j) OR JSON_TYPE(t.j->'$[1]') <> JSON_TYPE(copied.j->'$[1]')"
                    + " OR JSON_TYPE(t.j->'$.d') <> JSON_TYPE(copied.j->'$.d')"))
        .isEmpty();
  }
}
