package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Trigger;
import dev.halcyon.sql.Sql;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

class CatalogTest {
  private static Session open(Database database) {
    return Server.connect(
            new ConnectionSettings(database.url(), database.user(), database.password()))
        .open("test");
  }

  private static String resource(String name) throws IOException {
    try (var file = CatalogTest.class.getResourceAsStream("/catalog/" + name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @EngineTest
  void definitionReproducesEveryColumn(Database database, Engine engine) throws IOException {
    database.execute(
        resource("odd-columns-" + engine.name().toLowerCase(java.util.Locale.ROOT) + ".sql"));
    try (var session = open(database)) {
      var table = Catalog.table(session, database.schema(), "t").orElseThrow();
      assertThat(table.columns()).hasSizeGreaterThan(65);
      for (Column column : table.columns()) {
        session.execute(
            "ALTER TABLE t MODIFY " + Sql.name(column.name()) + " " + column.definition());
        assertThat(Catalog.showCreate(session, database.schema(), "t"))
            .as(column.name() + " " + column.definition())
            .contains(table.showCreate());
      }
      var again = Catalog.table(session, database.schema(), "t").orElseThrow();
      assertThat(again.columns()).isEqualTo(table.columns());
    }
  }

  @EngineTest
  void readsWhatAColumnIs(Database database, Engine engine) throws IOException {
    database.execute(
        resource("odd-columns-" + engine.name().toLowerCase(java.util.Locale.ROOT) + ".sql"));
    try (var session = open(database)) {
      var table = Catalog.table(session, database.schema(), "t").orElseThrow();

      var latin = table.column("C17").orElseThrow();
      assertThat(latin.characterSet()).isEqualTo("latin1");
      assertThat(latin.collation()).isEqualTo("latin1_swedish_ci");
      assertThat(latin.inheritsText()).isFalse();
      assertThat(latin.defaultValue()).isEqualTo("'é'");
      var inherited = table.column("c12").orElseThrow();
      assertThat(inherited.characterSet()).isEqualTo("utf8mb4");
      assertThat(inherited.collation()).startsWith("utf8mb4_");
      assertThat(inherited.inheritsText()).isTrue();
      assertThat(inherited.definition()).isEqualTo("varchar(100) NULL");
      assertThat(table.column("c4").orElseThrow().defaultValue()).isEqualTo("-7");
      assertThat(table.column("c15").orElseThrow().defaultValue()).isEqualTo("'NULL'");
      assertThat(table.column("c1").orElseThrow().defaultValue()).isNull();
      assertThat(table.column("c1").orElseThrow().isText()).isFalse();
      assertThat(table.column("c30").orElseThrow().onUpdate())
          .isEqualToIgnoringCase("current_timestamp(6)");
      assertThat(table.column("c43").orElseThrow().generated()).endsWith("STORED");
      assertThat(table.column("c48").orElseThrow().invisible()).isTrue();
      assertThat(table.column("id").orElseThrow().autoIncrement()).isTrue();
      assertThat(table.column("c41").orElseThrow().comment())
          .isEqualTo("it's a \"comment\" with \\ and \n newline, `tick` COLLATE x DEFAULT 3");
      assertThat(table.column("odd `name`, x").orElseThrow().defaultValue()).isEqualTo("1");
      assertThat(table.column("c26").orElseThrow().defaultValue()).containsIgnoringCase("00FF27");
    }
  }

  @EngineTest
  void readsKeysConstraintsAndTriggers(Database database, Engine engine) {
    database.execute(
        "CREATE TABLE p (id INT PRIMARY KEY, k INT, UNIQUE KEY (k))",
        "CREATE TABLE c (id INT, a VARCHAR(50) NOT NULL, b INT NOT NULL, d TEXT,"
            + " PRIMARY KEY (id, b), UNIQUE KEY u (a(10), b DESC) COMMENT 'it''s',"
            + " FULLTEXT KEY f (d), KEY h (b), CONSTRAINT pos CHECK (id > 0),"
            + " CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (k) ON DELETE CASCADE)",
        "CREATE TRIGGER z1 BEFORE INSERT ON c FOR EACH ROW SET NEW.a = 'z'",
        "CREATE TRIGGER z0 BEFORE INSERT ON c FOR EACH ROW PRECEDES z1 SET NEW.a = CONCAT(NEW.a)",
        "CREATE TRIGGER a1 AFTER DELETE ON c FOR EACH ROW SET @x = OLD.a",
        "ALTER TABLE c ALTER INDEX h " + (engine == Engine.MYSQL ? "INVISIBLE" : "IGNORED"),
        "INSERT INTO p VALUES (1, 1), (2, 2)");
    try (var session = open(database)) {
      var tables = Catalog.tables(session, database.schema(), List.of("p", "c", "none"));
      assertThat(tables).containsOnlyKeys("p", "c");
      assertThat(tables.values()).allMatch(t -> t.engine().equals("InnoDB") && !t.partitioned());
      var child = Objects.requireNonNull(tables.get("C"));
      assertThat(child.primaryKey().orElseThrow().columns()).containsExactly("id", "b");
      var unique = child.index("u").orElseThrow();
      assertThat(unique.definition("u"))
          .isEqualTo("UNIQUE KEY `u` (`a`(10), `b` DESC) COMMENT 'it''s'");
      assertThat(child.index("f").orElseThrow().kind()).isEqualTo("FULLTEXT");
      assertThat(child.index("h").orElseThrow().visible()).isFalse();
      assertThat(child.checks())
          .singleElement()
          .matches(c -> c.name().equals("pos") && c.enforced());
      var expected =
          new ForeignKey(
              "fk",
              "c",
              List.of("b"),
              database.schema(),
              "p",
              List.of("k"),
              "CASCADE",
              engine == Engine.MYSQL ? "NO ACTION" : "RESTRICT");
      assertThat(child.foreignKeys()).containsExactly(expected);
      assertThat(Catalog.referencing(session, database.schema(), List.of("p")))
          .containsExactly(expected);
      assertThat(child.triggers()).extracting(Trigger::name).containsExactly("z0", "z1", "a1");
      assertThat(child.triggers()).extracting(Trigger::order).containsExactly(1, 2, 1);
      assertThat(Catalog.tableNames(session, database.schema())).containsExactly("c", "p");
    }
  }

  @EngineTest
  void tellsElementsWithoutTheSchemasName(Database database, Engine engine) {
    database.execute(
        "CREATE TABLE a (id INT PRIMARY KEY, n VARCHAR(10))",
        "CREATE VIEW v AS SELECT id, CONCAT(n, 'x') AS m FROM a WHERE n <> '' WITH CHECK OPTION",
        "CREATE VIEW w AS SELECT m FROM v",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 'x'",
        "CREATE FUNCTION f (x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
        "CREATE PROCEDURE q (IN x INT) SELECT x",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @e = 1");
    try (var session = open(database)) {
      var elements =
          Catalog.elements(
              session,
              database.schema(),
              List.of(
                  "column a.n",
                  "view v",
                  "trigger t",
                  "routine f",
                  "routine q",
                  "routine e",
                  "view none",
                  "table none",
                  "trigger none",
                  "routine none"));
      assertThat(elements)
          .containsOnlyKeys(
              "column a.id",
              "column a.n",
              "key a.PRIMARY",
              "options a",
              "table a",
              "view v",
              "trigger t",
              "routine f",
              "routine q",
              "routine e")
          .containsEntry("trigger t", "BEFORE INSERT ON a SET NEW.n = 'x'");
      assertThat(elements.get("view v")).contains("`a`.`n`").contains("CASCADED CHECK OPTION");
      assertThat(String.join(" ", elements.values()))
          .doesNotContain(database.schema())
          .doesNotContain("DEFINER")
          .doesNotContain("STARTS");
      var views = Catalog.views(session, database.schema());
      assertThat(Objects.requireNonNull(views.get("v")).tables()).containsExactly("a");
      assertThat(Objects.requireNonNull(views.get("w")).tables()).containsExactly("v");
    }
  }
}
