package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

final class KeyWalkTest {
  private static Session open(Database database) {
    return Server.connect(
            new ConnectionSettings(database.url(), database.user(), database.password()))
        .open("test");
  }

  /** Every row falls into exactly one chunk, and the chunks come in the order of the key. */
  private static void assertWalked(Database database, String table, List<String> names) {
    for (var rows : List.of(1L, 2L, 3L, 7L, 1000L)) {
      assertWalked(database, table, names, rows);
    }
  }

  private static void assertWalked(Database database, String table, List<String> names, long rows) {
    try (var session = open(database)) {
      var key = TableKey.read(session, table, names);
      key.prepare(session);
      var columns = names.stream().map(n -> "x.`" + n + "`").collect(Collectors.joining(", "));
      var seen = new ArrayList<String>();
      for (var chunk : chunks(session, key, rows)) {
        var condition = key.condition("x", chunk.range());
        var part = session.query("SELECT x.mark FROM `" + table + "` AS x WHERE " + condition);
        assertThat(part).as(condition).hasSize((int) chunk.rows());
        // A statement that writes checks the literals more strictly than one that reads.
        assertThat(
                session.update(
                    "UPDATE `" + table + "` AS x SET x.visits = x.visits + 1 WHERE " + condition))
            .as(condition)
            .isEqualTo(chunk.rows());
        part.forEach(row -> seen.add(row.string("mark")));
      }
      assertThat(seen)
          .as("%s by %s in chunks of %d", table, columns, rows)
          .containsExactlyInAnyOrderElementsOf(
              database.strings("SELECT mark FROM `" + table + "`"));
      assertThat(database.value("SELECT COUNT(DISTINCT visits) FROM `" + table + "`"))
          .isEqualTo("1");
    }
  }

  private static List<Chunk> chunks(Session session, TableKey key, long rows) {
    var all = new ArrayList<Chunk>();
    var walk = KeyWalk.begin(session, key);
    if (walk.isEmpty()) {
      return all;
    }
    @Nullable KeyPosition after = null;
    for (var next = walk.get().next(session, after, rows);
        next.isPresent();
        next = walk.get().next(session, after, rows)) {
      all.add(next.get());
      after = next.get().range().upTo();
    }
    return all;
  }

  private static void create(Database database, String columns, String key, String... values) {
    database.execute(
        "CREATE TABLE t ("
            + columns
            + ", mark INT NOT NULL, visits INT NOT NULL DEFAULT 0,"
            + " UNIQUE KEY mark (mark), PRIMARY KEY ("
            + key
            + "))");
    for (var i = 0; i < values.length; i++) {
      database.execute("INSERT INTO t VALUES (" + values[i] + ", " + i + ", 0)");
    }
  }

  private static void assertWalked(Database database, String type, String... values) {
    create(database, "k " + type + " NOT NULL", "k", values);
    assertWalked(database, "t", List.of("k"));
    database.execute("DROP TABLE t");
  }

  @EngineTest
  void numbersOfEveryKind(Database database) {
    assertWalked(database, "BIGINT", "-9223372036854775808", "-1", "0", "1", "9223372036854775807");
    assertWalked(
        database,
        "BIGINT UNSIGNED",
        "1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551614",
        "18446744073709551615");
    assertWalked(database, "TINYINT", "-128", "-1", "0", "127");
    assertWalked(
        database,
        "DECIMAL(38,10)",
        "-0.0000000001",
        "0",
        "1234567890123456789012345678.0123456788",
        "1234567890123456789012345678.0123456789");
    assertWalked(database, "YEAR", "0", "1901", "1970", "2000", "2155");
    assertWalked(database, "BIT(64)", "b'0'", "b'1'", "0x7FFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFF");
    assertWalked(database, "INT(8) ZEROFILL", "1", "20", "99999999");
  }

  @EngineTest
  void textComparesByTheColumnsOwnCollation(Database database) {
    var words = new String[] {"''", "'a'", "'B'", "'c'", "'Ö'", "'it''s'", "'zebra'", "'ß'", "'_'"};
    for (var type :
        List.of(
            "VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci",
            "VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
            "VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
            "VARCHAR(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin",
            "CHAR(20) CHARACTER SET utf16 COLLATE utf16_general_ci",
            "CHAR(20) CHARACTER SET ucs2 COLLATE ucs2_bin")) {
      assertWalked(database, type, words);
    }
    var exact = database.engine() == Engine.MYSQL ? "utf8mb4_0900_as_cs" : "utf8mb4_nopad_bin";
    assertWalked(
        database,
        "VARCHAR(20) CHARACTER SET utf8mb4 COLLATE " + exact,
        "'a'",
        "'a '",
        "'A'",
        "'a\\\\'",
        "'😀'",
        "'a\\0b'");
  }

  @EngineTest
  void bytesAreNotText(Database database) {
    assertWalked(
        database,
        "VARBINARY(20)",
        "x''",
        "x'00'",
        "x'0000'",
        "x'27'",
        "x'5C'",
        "x'AB5C27'",
        "x'FF'");
    assertWalked(
        database,
        "BINARY(16)",
        "x'00000000000000000000000000000000'",
        "x'00000000000000000000000000000001'",
        "x'FF'",
        "x'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'");
  }

  @EngineTest
  void timesIncludingThoseThatAreNone(Database database) {
    database.execute("SET SESSION sql_mode = ''");
    assertWalked(
        database,
        "DATETIME(6)",
        "'0000-00-00'",
        "'0000-00-01'",
        "'2020-00-10'",
        "'2020-01-00'",
        "'2020-01-10 10:10:10.123456'",
        "'2020-01-10 10:10:10.123457'",
        "'9999-12-31 23:59:59.999999'");
    assertWalked(database, "DATE", "'0000-00-00'", "'2020-02-00'", "'2020-02-29'", "'2020-03-01'");
    assertWalked(
        database, "TIME(3)", "'-838:59:59'", "'-00:00:00.001'", "'00:00:00'", "'838:59:59'");
    database.execute("SET SESSION time_zone = '+00:00'");
    assertWalked(
        database,
        "TIMESTAMP(6)",
        "'0000-00-00'",
        "'2020-10-25 00:30:00'",
        "'2020-10-25 01:30:00'",
        "'2020-10-25 02:30:00.000001'");
  }

  @EngineTest
  void enumsAndSetsInTheOrderOfTheirNumbers(Database database) {
    assertWalked(database, "ENUM('z', 'b,)', 'it''s', 'a')", "'a'", "'z'", "'b,)'", "'it''s'");
    assertWalked(database, "SET('z', 'b', 'a')", "''", "'z'", "'a'", "'b,a'", "'z,b,a'");
    create(
        database,
        "e ENUM('z', 'b', 'a') NOT NULL, n INT NOT NULL",
        "e, n",
        "'a', 1",
        "'a', 2",
        "'z', 1",
        "'z', 5",
        "'b', -1",
        "'b', 0");
    assertWalked(database, "t", List.of("e", "n"));
  }

  @EngineTest(Engine.MARIADB)
  void typesOfMariaDb(Database database) {
    assertWalked(
        database,
        "UUID",
        "'00000000-0000-0000-0000-000000000001'",
        "'ffffffff-0000-1000-8000-000000000000'",
        "'00000000-ffff-1000-8000-000000000000'");
    assertWalked(
        database, "INET6", "'::'", "'::1'", "'2001:db8::ff00:42:8329'", "'::ffff:1.2.3.4'");
    assertWalked(database, "INET4", "'0.0.0.0'", "'9.9.9.9'", "'10.0.0.1'");
  }

  @EngineTest
  void compositeKeysInEveryDirection(Database database) {
    for (var directions : List.of("a, b, c", "a DESC, b DESC, c DESC", "a DESC, b, c DESC")) {
      create(database, "a INT NOT NULL, b VARCHAR(10) NOT NULL, c DATETIME NOT NULL", directions);
      var random = new Random(7);
      var mark = 0;
      for (var a = 0; a < 4; a++) {
        for (var b : List.of("", "x", "Y")) {
          for (var c = 0; c < 1 + random.nextInt(5); c++) {
            database.execute(
                "INSERT INTO t VALUES (%d, '%s', '2020-01-0%d', %d, 0)"
                    .formatted(a, b, c + 1, mark++));
          }
        }
      }
      assertWalked(database, "t", List.of("a", "b", "c"));
      database.execute("DROP TABLE t");
    }
  }

  @EngineTest
  void noChunkReadsMoreThanItsRows(Database database) {
    create(database, "a INT NOT NULL, b INT NOT NULL", "a, b");
    database.execute(
        "INSERT INTO t VALUES "
            + LongStream.range(0, 2000)
                .mapToObj(i -> "(%d, %d, %d, 0)".formatted(i / 700, i, i))
                .collect(Collectors.joining(", ")));
    try (var session = open(database)) {
      var key = TableKey.read(session, "t", List.of("a", "b"));
      session.execute("FLUSH STATUS");
      var chunks = chunks(session, key, 100);
      var cutting = rowsRead(session);
      for (var chunk : chunks) {
        session.execute("UPDATE t SET visits = 9 WHERE " + key.condition("t", chunk.range()));
      }
      assertThat(chunks).hasSize(20);
      assertThat(cutting).isLessThan(2400);
      assertThat(rowsRead(session) - cutting).isLessThan(2400);
    }
  }

  private static long rowsRead(Session session) {
    return session.query("SHOW SESSION STATUS LIKE 'Handler_read%'").stream()
        .mapToLong(row -> row.longValue(2))
        .sum();
  }

  @EngineTest
  void anEmptyTableHasNoWalk(Database database) {
    create(database, "k INT NOT NULL", "k");
    try (var session = open(database)) {
      assertThat(KeyWalk.begin(session, TableKey.read(session, "t", List.of("k")))).isEmpty();
    }
  }

  @EngineTest
  void theWalkEndsAtTheLastKeyThatWasThere(Database database) {
    create(database, "k INT NOT NULL", "k", "1", "2", "3");
    try (var session = open(database)) {
      var walk = KeyWalk.begin(session, TableKey.read(session, "t", List.of("k"))).orElseThrow();
      database.execute("INSERT INTO t VALUES (4, 4, 0)", "DELETE FROM t WHERE k = 3");
      var first = walk.next(session, null, 10).orElseThrow();
      assertThat(first.rows()).isEqualTo(2);
      assertThat(walk.next(session, first.range().upTo(), 10)).isEmpty();
    }
  }

  @EngineTest
  void aKeyOfFloatingPointOrNoKeyIsRefused(Database database) {
    database.execute("CREATE TABLE f (k DOUBLE NOT NULL, PRIMARY KEY (k))");
    database.execute("CREATE TABLE n (k INT NOT NULL, KEY (k))");
    try (var session = open(database)) {
      assertThatThrownBy(() -> TableKey.read(session, "f", List.of("k")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("HAL-304")
          .hasMessageContaining("double");
      assertThatThrownBy(() -> TableKey.read(session, "n", List.of("k")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("HAL-304");
    }
  }
}
