package dev.halcyon.pair.judge;

import static dev.halcyon.pair.judge.Effect.CORRUPTS;
import static dev.halcyon.pair.judge.Effect.LOSES;
import static dev.halcyon.pair.judge.Effect.REPLICATES;
import static dev.halcyon.pair.judge.Effect.STOPS;

import java.util.ArrayList;
import java.util.List;

/** Ways in which a table of one server can differ from that of the other, and rows to show it. */
final class Differences {
  private static final String PLAIN = "id INT PRIMARY KEY, a INT, s VARCHAR(20)";
  private static final String NUMBERS = "id INT PRIMARY KEY, a INT, s INT";
  private static final String ROWS =
      "INSERT INTO t (id, a, s) VALUES (1, 10, 'x'), (2, 20, 'y'); UPDATE t SET a = 11 WHERE id ="
          + " 1; DELETE FROM t WHERE id = 2";
  private static final String NEW_ROW = "INSERT INTO t (id, a, s) VALUES (1, 10, 'x')";
  private static final String TWO_OF_A = "INSERT INTO t (id, a, s) VALUES (1, 9, 'x'), (2, 9, 'y')";
  private static final String TWO_OF_ID =
      "INSERT INTO t (id, a, s) VALUES (1, 9, 'x'), (1, 8, 'y')";

  private final List<Difference> all = new ArrayList<>();

  private Differences() {}

  /**
   * @param severer where the judge says more than the rows of one try can show, and why
   */
  record Difference(
      String name,
      String body,
      String alter,
      Effect forward,
      Effect backward,
      String oldRows,
      String newRows,
      String severer) {}

  /** One for each row of the table in docs/pair-schema-differences.md that a short test can pay. */
  static List<Difference> few() {
    var differences = new Differences();
    differences.places();
    return differences.all;
  }

  /** All that is known. */
  static List<Difference> all() {
    var differences = new Differences();
    differences.places();
    differences.columns();
    differences.numbers();
    differences.texts();
    differences.times();
    differences.lists();
    differences.nulls();
    differences.keys();
    return differences.all;
  }

  private void places() {
    add("column at the end", PLAIN, "ADD n INT", REPLICATES, LOSES, ROWS);
    add(
        "last column dropped",
        PLAIN,
        "DROP s",
        REPLICATES,
        REPLICATES,
        "INSERT INTO t (id, a) VALUES (1, 10), (2, 20); UPDATE t SET a = 11 WHERE id = 1; DELETE FROM t WHERE id = 2");
    add(
        "column renamed",
        PLAIN,
        "CHANGE a b INT",
        REPLICATES,
        REPLICATES,
        "INSERT INTO t VALUES (1, 10, 'x')");
    add(
            "primary key widened",
            "id INT PRIMARY KEY, a INT NOT NULL, s VARCHAR(20)",
            "DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)",
            REPLICATES,
            STOPS,
            TWO_OF_ID)
        .rows(NEW_ROW);
    add(
        "column first",
        PLAIN,
        "ADD n VARCHAR(5) FIRST",
        STOPS,
        STOPS,
        "INSERT INTO t VALUES ('q', 1, 10, 'x')");
    add(
            "column in the middle, types align",
            NUMBERS,
            "ADD n INT AFTER id",
            CORRUPTS,
            CORRUPTS,
            "INSERT INTO t VALUES (1, 5, 10, 20)")
        .rows("INSERT INTO t VALUES (1, 10, 20)");
    placesAndTypes();
  }

  private void placesAndTypes() {
    type("INT", "BIGINT", STOPS, STOPS, "7", "7");
    type("VARCHAR(20)", "VARCHAR(40)", STOPS, STOPS, "'x'", "'x'");
    type("INT", "VARCHAR(20)", STOPS, STOPS, "7", "'7'");
    add("middle column dropped", PLAIN, "DROP a", STOPS, STOPS, "INSERT INTO t VALUES (1, 'x')");
    add("columns reordered", PLAIN, "MODIFY s VARCHAR(20) AFTER id", STOPS, STOPS, NEW_ROW);
    type(
        "VARCHAR(20) CHARACTER SET latin1",
        "VARCHAR(20) CHARACTER SET utf8mb4",
        STOPS,
        STOPS,
        "_utf8mb4'é'",
        "_utf8mb4'é'");
    type(
        "TEXT CHARACTER SET latin1",
        "TEXT CHARACTER SET utf8mb4",
        CORRUPTS,
        CORRUPTS,
        "_utf8mb4'é'",
        "_utf8mb4'é'");
    add("unique key", PLAIN, "ADD UNIQUE (a)", STOPS, REPLICATES, NEW_ROW).rows(TWO_OF_A);
    add(
        "stored generated column at the end",
        PLAIN,
        "ADD n INT AS (a + 1) STORED",
        REPLICATES,
        REPLICATES,
        ROWS);
    add(
        "partitions by hash",
        PLAIN,
        "PARTITION BY HASH (id) PARTITIONS 4",
        REPLICATES,
        REPLICATES,
        ROWS);
  }

  private void columns() {
    add("NOT NULL at the end", PLAIN, "ADD n INT NOT NULL DEFAULT 7", REPLICATES, LOSES, ROWS);
    add(
            "NOT NULL without default at the end",
            PLAIN,
            "ADD n INT NOT NULL",
            REPLICATES,
            LOSES,
            "INSERT INTO t VALUES (1, 10, 'x', 5)")
        .rows(ROWS);
    add(
            "time of its own at the end",
            PLAIN,
            "ADD n TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP",
            CORRUPTS,
            LOSES,
            NEW_ROW)
        .severer("its own column only");
    add(
        "virtual generated column at the end",
        PLAIN,
        "ADD n INT AS (a + 1) VIRTUAL",
        REPLICATES,
        REPLICATES,
        ROWS);
    add(
        "virtual generated column in the middle",
        PLAIN,
        "ADD n INT AS (a + 1) VIRTUAL AFTER id",
        STOPS,
        STOPS,
        NEW_ROW);
    add(
        "virtual becomes stored",
        PLAIN + ", n INT AS (a + 1) VIRTUAL",
        "DROP n, ADD n INT AS (a + 1) STORED",
        REPLICATES,
        REPLICATES,
        NEW_ROW);
    changedColumns();
  }

  private void changedColumns() {
    add(
            "plain becomes generated",
            PLAIN + ", n INT",
            "MODIFY n INT AS (a + 1) STORED",
            CORRUPTS,
            REPLICATES,
            NEW_ROW)
        .rows("INSERT INTO t VALUES (1, 10, 'x', 5)");
    add(
        "other expression",
        PLAIN + ", n INT AS (a + 1) STORED",
        "MODIFY n INT AS (a + 2) STORED",
        CORRUPTS,
        CORRUPTS,
        NEW_ROW);
    add(
            "last NOT NULL column dropped",
            "id INT PRIMARY KEY, a INT, s VARCHAR(20) NOT NULL",
            "DROP s",
            REPLICATES,
            REPLICATES,
            "INSERT INTO t VALUES (1, 10)")
        .rows(NEW_ROW);
    add(
            "middle column dropped, types align",
            NUMBERS,
            "DROP a",
            CORRUPTS,
            CORRUPTS,
            "INSERT INTO t VALUES (1, 20)")
        .rows("INSERT INTO t VALUES (1, 10, 20)");
    add(
        "columns reordered, types align",
        NUMBERS,
        "MODIFY s INT AFTER id",
        CORRUPTS,
        CORRUPTS,
        "INSERT INTO t (id, a, s) VALUES (1, 10, 20)");
    add("row format", PLAIN, "ROW_FORMAT = DYNAMIC", REPLICATES, REPLICATES, ROWS);
    add("AUTO_INCREMENT", PLAIN, "MODIFY id INT AUTO_INCREMENT", REPLICATES, REPLICATES, ROWS);
  }

  private void numbers() {
    type("INT", "INT UNSIGNED", CORRUPTS, CORRUPTS, "-7", "4000000000");
    type("INT", "SMALLINT", STOPS, STOPS, "7", "7");
    type("INT(11)", "INT(5)", REPLICATES, REPLICATES, "7", "7");
    type("DECIMAL(10,2)", "DECIMAL(12,2)", STOPS, STOPS, "7.25", "7.25");
    type("DECIMAL(10,2)", "DECIMAL(10,4)", STOPS, STOPS, "7.25", "7.25");
    type("FLOAT", "DOUBLE", STOPS, STOPS, "7.25", "7.25");
    type("BIT(8)", "BIT(16)", STOPS, STOPS, "b'101'", "b'101'");
  }

  private void texts() {
    type("VARCHAR(20)", "VARCHAR(400)", STOPS, STOPS, "'x'", "'x'");
    type("VARCHAR(40)", "VARCHAR(20)", STOPS, STOPS, "'x'", "'x'");
    type("VARCHAR(20)", "CHAR(20)", STOPS, STOPS, "'x'", "'x'");
    type("VARCHAR(20)", "TEXT", STOPS, STOPS, "'x'", "'x'");
    type("CHAR(10)", "CHAR(20)", STOPS, STOPS, "'x'", "'x'");
    type("CHAR(80)", "CHAR(40)", STOPS, STOPS, "'x'", "'x'");
    type("TEXT", "MEDIUMTEXT", STOPS, STOPS, "'x'", "'x'");
    type("TEXT", "BLOB", REPLICATES, CORRUPTS, "'x'", "'x'").severer("bytes that are no text");
    type("VARBINARY(20)", "VARCHAR(20) CHARACTER SET latin1", CORRUPTS, REPLICATES, "'x'", "'x'")
        .severer("bytes that are no text");
    type(
        "TEXT CHARACTER SET utf8mb3",
        "TEXT CHARACTER SET utf8mb4",
        REPLICATES,
        CORRUPTS,
        "_utf8mb4'é'",
        "_utf8mb4'😀'");
    type(
        "TEXT CHARACTER SET ascii",
        "TEXT CHARACTER SET utf8mb4",
        REPLICATES,
        CORRUPTS,
        "'e'",
        "_utf8mb4'é'");
    type(
        "VARCHAR(20) CHARACTER SET latin1",
        "VARCHAR(5) CHARACTER SET utf8mb4",
        CORRUPTS,
        CORRUPTS,
        "_utf8mb4'é'",
        "_utf8mb4'é'");
    type(
        "VARCHAR(20) CHARACTER SET utf8mb3",
        "VARCHAR(20) CHARACTER SET utf8mb4",
        STOPS,
        STOPS,
        "'x'",
        "'x'");
    type(
        "VARCHAR(20) COLLATE utf8mb4_bin",
        "VARCHAR(20) COLLATE utf8mb4_unicode_ci",
        REPLICATES,
        REPLICATES,
        "'x'",
        "'x'");
  }

  private void times() {
    type(
        "DATETIME",
        "DATETIME(3)",
        STOPS,
        STOPS,
        "'2020-01-02 03:04:05'",
        "'2020-01-02 03:04:05.5'");
    type(
        "DATETIME(3)",
        "DATETIME(6)",
        STOPS,
        STOPS,
        "'2020-01-02 03:04:05'",
        "'2020-01-02 03:04:05.5'");
    type(
        "DATETIME",
        "TIMESTAMP NULL",
        STOPS,
        STOPS,
        "'2020-01-02 03:04:05'",
        "'2020-01-02 03:04:05'");
    type("DATE", "DATETIME", STOPS, STOPS, "'2020-01-02'", "'2020-01-02 03:04:05'");
    type("TIME", "TIME(3)", STOPS, STOPS, "'03:04:05'", "'03:04:05.5'");
  }

  private void lists() {
    type("ENUM('a','b')", "ENUM('a','b','c')", REPLICATES, CORRUPTS, "'b'", "'c'");
    type("ENUM('a','b')", "ENUM('b','a')", CORRUPTS, CORRUPTS, "'b'", "'a'");
    type("ENUM('a','b')", "VARCHAR(5)", STOPS, STOPS, "'b'", "'a'");
    type("SET('a','b')", "SET('a','b','c')", REPLICATES, CORRUPTS, "'a,b'", "'a,c'");
    type(
        "SET('a','b','c','d','e','f','g','h')",
        "SET('a','b','c','d','e','f','g','h','i')",
        STOPS,
        STOPS,
        "'a,b'",
        "'a,i'");
  }

  private void nulls() {
    type("INT", "INT NOT NULL", CORRUPTS, REPLICATES, "NULL", "7");
    type("INT", "INT NOT NULL DEFAULT 5", CORRUPTS, REPLICATES, "NULL", "7");
    type("INT NOT NULL", "INT", REPLICATES, CORRUPTS, "7", "NULL");
    type("INT", "INT DEFAULT 3", REPLICATES, REPLICATES, "7", "NULL");
    type("INT", "INT INVISIBLE", REPLICATES, REPLICATES, "7", "8");
  }

  private void keys() {
    add(
            "primary key narrowed",
            "id INT, a INT, s VARCHAR(20), PRIMARY KEY (id, a)",
            "DROP PRIMARY KEY, ADD PRIMARY KEY (id)",
            STOPS,
            REPLICATES,
            NEW_ROW)
        .rows(TWO_OF_ID);
    add(
            "unique key dropped",
            PLAIN + ", UNIQUE ua (a)",
            "DROP INDEX ua",
            REPLICATES,
            STOPS,
            TWO_OF_A)
        .rows(NEW_ROW);
    add("index", PLAIN, "ADD INDEX (a)", REPLICATES, REPLICATES, ROWS);
    add("full text", PLAIN, "ADD FULLTEXT (s)", REPLICATES, REPLICATES, ROWS);
    add(
            "check",
            PLAIN,
            "ADD CONSTRAINT k CHECK (a < 5)",
            STOPS,
            REPLICATES,
            "INSERT INTO t VALUES (1, 1, 'x')")
        .rows(NEW_ROW);
    add(
            "check dropped",
            PLAIN + ", CONSTRAINT k CHECK (a < 5)",
            "DROP CONSTRAINT k",
            REPLICATES,
            STOPS,
            NEW_ROW)
        .rows("INSERT INTO t VALUES (1, 1, 'x')");
    partitionsAndPrimaryKeys();
  }

  private void partitionsAndPrimaryKeys() {
    add(
            "partitions by range without an end",
            PLAIN,
            "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (2))",
            STOPS,
            REPLICATES,
            "INSERT INTO t VALUES (1, 1, 'x')")
        .rows(ROWS);
    add("primary key dropped", PLAIN, "DROP PRIMARY KEY", REPLICATES, STOPS, TWO_OF_ID)
        .rows(NEW_ROW);
    add(
            "primary key on a column that is there",
            "id INT NOT NULL, a INT, s VARCHAR(20)",
            "ADD PRIMARY KEY (id)",
            STOPS,
            REPLICATES,
            NEW_ROW)
        .rows(TWO_OF_ID);
    add(
            "numbered primary key at the end",
            "id INT NOT NULL, a INT, s VARCHAR(20)",
            "ADD k INT AUTO_INCREMENT PRIMARY KEY",
            CORRUPTS,
            LOSES,
            "INSERT INTO t VALUES (1, 10, 'x', 1)")
        .rows(TWO_OF_ID)
        .severer("its own column only");
    add(
            "collation of a unique key",
            "id INT PRIMARY KEY, a INT, s VARCHAR(20) COLLATE utf8mb4_bin, UNIQUE (s)",
            "MODIFY s VARCHAR(20) COLLATE utf8mb4_general_ci",
            STOPS,
            STOPS,
            NEW_ROW)
        .rows("INSERT INTO t VALUES (1, 10, 'x'), (2, 11, 'X')")
        .severer("whichever has more duplicates");
  }

  private Differences type(
      String from, String to, Effect forward, Effect backward, String old, String young) {
    add(
        from + " becomes " + to,
        "id INT PRIMARY KEY, v " + from,
        "MODIFY v " + to,
        forward,
        backward,
        "INSERT INTO t (id, v) VALUES (1, " + young + ")");
    return rows("INSERT INTO t (id, v) VALUES (1, " + old + ")");
  }

  private Differences add(
      String name, String body, String clauses, Effect forward, Effect backward, String newRows) {
    var alter = "ALTER TABLE t " + clauses;
    // The plain table takes the same rows in both shapes unless they are given apart.
    var oldRows = body.equals(NUMBERS) ? newRows : ROWS;
    all.add(new Difference(name, body, alter, forward, backward, oldRows, newRows, ""));
    return this;
  }

  /** For the last one: what the old shape is sent. */
  private Differences rows(String oldRows) {
    var last = all.removeLast();
    all.add(
        new Difference(
            last.name,
            last.body,
            last.alter,
            last.forward,
            last.backward,
            oldRows,
            last.newRows,
            last.severer));
    return this;
  }

  private Differences severer(String reason) {
    var last = all.removeLast();
    all.add(
        new Difference(
            last.name,
            last.body,
            last.alter,
            last.forward,
            last.backward,
            last.oldRows,
            last.newRows,
            reason));
    return this;
  }
}
