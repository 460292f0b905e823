package dev.halcyon.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.Failure;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;

/** Changes come out as they went in, in order, or not at all. */
class ChangeStreamTest {
  private static final String TABLE = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))";

  @EngineTest
  void changesComeInTheOrderOfTheirCommitsWithTheirTransactions(Database database) {
    database.execute(TABLE, "CREATE TABLE other (id INT PRIMARY KEY)");
    try (var following = Following.of(database, "t")) {
      database.execute(
          "INSERT INTO t VALUES (1, 'a'), (-2, NULL)",
          "INSERT INTO other VALUES (5)",
          "START TRANSACTION",
          "UPDATE t SET v = 'ä' WHERE id = 1",
          "UPDATE t SET id = 7 WHERE id = -2",
          "DELETE FROM t WHERE id = 1",
          "COMMIT",
          "START TRANSACTION",
          "INSERT INTO t VALUES (9, 'never')",
          "ROLLBACK",
          "INSERT INTO t VALUES (10, '')");

      assertThat(following.next().text())
          .containsExactlyInAnyOrder("+(1,_utf8mb4 x'61')", "+(-2,NULL)");
      assertThat(following.next().text())
          .containsExactly(
              "(1,_utf8mb4 x'61')>(1,_utf8mb4 x'c3a4')",
              "(-2,NULL)>(7,NULL)",
              "-(1,_utf8mb4 x'c3a4')");
      assertThat(following.next().text()).containsExactly("+(10,_utf8mb4 x'')");
    }
  }

  @EngineTest
  void aPositionIsWhereAnotherStreamGoesOn(Database database) {
    database.execute(TABLE);
    Position between;
    try (var following = Following.of(database, "t")) {
      database.execute("INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (2, 'b')");
      between = following.next().after();
    }
    var read = Position.parse(between.text());
    assertThat(read).isEqualTo(between);
    try (var following = Following.from(database, read, 1 << 20, "t")) {
      assertThat(following.next().text()).containsExactly("+(2,_utf8mb4 x'62')");
    }
  }

  @EngineTest
  void aReaderThatTakesItsTimeHoldsTheStreamBack(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)");
    var begin = Following.now(database);
    for (var i = 0; i < 40; i++) {
      database.execute("INSERT INTO t VALUES (" + i + ", REPEAT('x', 500000))");
    }
    try (var following = Following.from(database, begin, 1000, "t")) {
      for (var i = 0; i < 40; i++) {
        assertThat(following.next().text().getFirst()).startsWith("+(" + i + ",");
      }
    }
  }

  @EngineTest
  void anEventOfMoreThanOnePacketIsReadWhole(Database database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT, w LONGTEXT)");
    try (var following = Following.of(database, "t")) {
      database.execute(
          "INSERT INTO t VALUES (1, REPEAT('x', 10000000), REPEAT('y', 10000000))",
          "DELETE FROM t");

      assertThat(following.next().text().getFirst()).hasSizeGreaterThan(40_000_000);
      assertThat(following.next().text()).hasSize(1);
    }
  }

  @EngineTest
  void aChangedTableEndsTheStream(Database database) {
    for (var statement :
        new String[] {
          "ALTER TABLE t ADD COLUMN w INT",
          "TRUNCATE TABLE t",
          "RENAME TABLE t TO u, u TO t",
          "CREATE INDEX i ON t (v)",
          "DROP TABLE `t`"
        }) {
      database.execute("DROP TABLE IF EXISTS t", TABLE);
      try (var following = Following.of(database, "t")) {
        database.execute(statement);

        assertThatThrownBy(following::next)
            .as(statement)
            .isInstanceOf(Failure.class)
            .hasMessageContaining(statement.substring(statement.indexOf(' ')));
      }
    }
  }

  @EngineTest
  void statementsAboutOtherTablesPass(Database database) {
    database.execute(TABLE);
    try (var following = Following.of(database, "t")) {
      database.execute(
          "CREATE TABLE u LIKE t",
          "ALTER TABLE u ADD COLUMN x INT",
          "CREATE VIEW w AS SELECT * FROM t",
          "CREATE PROCEDURE p() SELECT * FROM t",
          "ANALYZE TABLE t",
          "DROP TABLE u",
          "INSERT INTO t VALUES (1, 'a')");

      assertThat(following.next().text()).hasSize(1);
    }
  }

  @EngineTest
  void aSessionThatWritesInStatementFormatEndsTheStream(Database database) {
    database.execute(TABLE);
    try (var following = Following.of(database, "t")) {
      database.execute("SET SESSION binlog_format = STATEMENT", "INSERT INTO t VALUES (1, 'a')");

      assertThatThrownBy(following::next).hasMessageContaining("statement format");
    }
  }

  @EngineTest
  void aSessionThatLogsNoWholeRowsEndsTheStream(Database database) {
    database.execute(TABLE, "INSERT INTO t VALUES (1, 'a')");
    try (var following = Following.of(database, "t")) {
      database.execute(
          "SET SESSION binlog_row_image = MINIMAL", "UPDATE t SET v = 'b' WHERE id = 1");

      assertThatThrownBy(following::next).hasMessageContaining("binlog_row_image");
    }
  }

  @EngineTest(Engine.MYSQL)
  void aSessionThatLogsPartsOfJsonEndsTheStream(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, j JSON)",
        "INSERT INTO t VALUES (1, CONCAT('{\"a\": 1, \"b\": \"', REPEAT('x', 2000), '\"}'))");
    try (var following = Following.of(database, "t")) {
      database.execute(
          "SET SESSION binlog_row_value_options = PARTIAL_JSON",
          "UPDATE t SET j = JSON_SET(j, '$.a', 2)");

      assertThatThrownBy(following::next).hasMessageContaining("PARTIAL_JSON");
    }
  }

  @EngineTest(Engine.MYSQL)
  void aSessionMayCompressItsTransactions(Database database) {
    database.execute(TABLE);
    try (var following = Following.of(database, "t")) {
      database.execute(
          "SET SESSION binlog_transaction_compression = ON",
          "START TRANSACTION",
          "INSERT INTO t VALUES (1, 'a')",
          "INSERT INTO t VALUES (2, 'b')",
          "COMMIT",
          "DELETE FROM t WHERE id = 1");

      assertThat(following.next().text())
          .containsExactly("+(1,_utf8mb4 x'61')", "+(2,_utf8mb4 x'62')");
      assertThat(following.next().text()).containsExactly("-(1,_utf8mb4 x'61')");
    }
  }

  @EngineTest
  void anXaTransactionThatIsOnlyPreparedEndsTheStream(Database database) {
    database.execute(TABLE);
    try (var following = Following.of(database, "t")) {
      database.execute(
          "XA START 'x'", "INSERT INTO t VALUES (1, 'a')", "XA END 'x'", "XA PREPARE 'x'");
      try {
        assertThatThrownBy(following::next).hasMessageContaining("XA transaction");
      } finally {
        database.execute("XA ROLLBACK 'x'");
      }
    }
  }

  @EngineTest
  void compressedEventsGtidsAndMissingChecksumsMakeNoDifference(Engine engine) {
    var options = Options.defaults().tls(false);
    var special =
        switch (engine) {
          case MARIADB ->
              options.with("log_bin_compress", "ON").with("log_bin_compress_min_len", "10");
          case MYSQL ->
              options
                  .with("gtid_mode", "ON")
                  .with("enforce_gtid_consistency", "ON")
                  .with("binlog_checksum", "NONE");
        };
    try (var server = Servers.startOwn(engine, special);
        var database = Database.fresh(server)) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(2000))");
      Position between;
      try (var following = Following.of(database, "t")) {
        database.execute(
            "INSERT INTO t VALUES (1, REPEAT('a', 1000))",
            "UPDATE t SET v = REPEAT('b', 1000)",
            "CREATE TABLE quite_a_long_name_for_a_table_that_nobody_needs (id INT PRIMARY KEY)",
            "DELETE FROM t");
        var first = following.next();
        assertThat(first.text()).containsExactly("+(1,_utf8mb4 x'" + "61".repeat(1000) + "')");
        between = first.after();
        assertThat(following.next().text().getFirst()).endsWith("62')");
        assertThat(following.next().text().getFirst()).startsWith("-(1");
      }
      try (var following = Following.from(database, between, 1 << 20, "t")) {
        assertThat(following.next().text().getFirst()).endsWith("62')");
      }
    }
  }
}
