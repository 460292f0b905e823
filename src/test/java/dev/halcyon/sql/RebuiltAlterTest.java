package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;
import java.util.stream.Collectors;

/** Clauses put together again do on the server what the user's statement does. */
class RebuiltAlterTest {
  private static final List<String> STATEMENTS =
      List.of(
          "alter table t add column x int -- first\n, ADD (y VARCHAR(9) DEFAULT 'a,b', KEY ky (y))",
          "ALTER TABLE t ADD z ENUM('a,b','c)') NOT NULL COMMENT 'it''s, (' AFTER id, DROP a",
          "ALTER TABLE t CHANGE a aa DECIMAL(10, 2) FIRST, MODIFY b VARCHAR(50) AFTER id",
          "ALTER TABLE t ADD UNIQUE KEY u (a, b(3)), ADD CONSTRAINT ck CHECK (a > 0), RENAME TO t2",
          "ALTER TABLE t ALTER a SET DEFAULT 5, ALTER COLUMN b DROP DEFAULT, RENAME COLUMN c TO d",
          "ALTER TABLE t ADD FULLTEXT ft (b), ADD FOREIGN KEY (p) REFERENCES parent (id) ON DELETE"
              + " SET NULL, ALGORITHM=COPY, LOCK=SHARED",
          "CREATE UNIQUE INDEX u USING BTREE ON t (a, b) COMMENT 'x' ALGORITHM=INPLACE LOCK=NONE",
          "DROP INDEX ia ON t",
          "ALTER TABLE t COMMENT = 'x', DROP INDEX ia, RENAME INDEX ib TO ic");

  @EngineTest
  void changesTheTableAsWritten(Database database, Engine engine) {
    for (String sql : STATEMENTS) {
      database.execute("DROP TABLE IF EXISTS t, t2, parent");
      create(database);
      database.execute(sql);
      String expected = shape(database);
      database.execute("DROP TABLE IF EXISTS t, t2, parent");
      create(database);
      database.execute(rebuilt(engine, sql));

      assertThat(shape(database)).as(sql).isEqualTo(expected);
    }
  }

  private static String rebuilt(Engine engine, String sql) {
    var parsed = Ddl.parse(engine, "shop", new SourceFile("V1__a.sql", sql + ";"));
    var alter = (Statement.AlterTable) parsed.statements().getFirst();
    return alter.clauses().stream()
        .map(c -> c.text().replaceAll("\\s+", " "))
        .collect(Collectors.joining(", ", "ALTER TABLE " + Sql.name(alter.table()) + " ", ""));
  }

  private static void create(Database database) {
    database.execute("CREATE TABLE parent (id INT PRIMARY KEY)");
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(20) DEFAULT 'x', c INT, p INT,"
            + " KEY ia (a), KEY ib (b))");
  }

  private static String shape(Database database) {
    var table = database.strings("SHOW TABLES").stream().filter(t -> t.startsWith("t")).toList();
    return database.strings("SHOW CREATE TABLE " + table.getFirst()).getFirst();
  }
}
