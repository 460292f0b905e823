package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TableShapeTest {
  private static final String MYSQL =
      """
      CREATE TABLE `odd, (name` (
        `id` int unsigned NOT NULL AUTO_INCREMENT,
        `a``b` varchar(10) COLLATE utf8mb4_bin DEFAULT 'x,)''(\\\\' COMMENT 'one, two) (',
        `e` enum('a,b','c)''d') DEFAULT NULL /*!80023 INVISIBLE */,
        `key` decimal(10,2) GENERATED ALWAYS AS ((`id` * 2)) VIRTUAL,
        PRIMARY KEY (`id`),
        UNIQUE KEY `u,1` (`a``b`(5) DESC,`id`) COMMENT 'AUTO_INCREMENT=7',
        KEY `expr` ((lower(concat(`a``b`,_utf8mb4',)')))) /*!80000 INVISIBLE */,
        FULLTEXT KEY `ft` (`a``b`) /*!50100 WITH PARSER `ngram` */,
        CONSTRAINT `fk_1` FOREIGN KEY (`id`) REFERENCES `parent` (`id`) ON DELETE CASCADE,
        CONSTRAINT `odd_chk_1` CHECK ((`id` > 0)) /*!80016 NOT ENFORCED */
      ) ENGINE=InnoDB AUTO_INCREMENT=42 DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=9'
      /*!50100 PARTITION BY RANGE (`id`)
      (PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */""";

  @Test
  void namesEveryPartOfWhatMysqlPrints() {
    assertThat(TableShape.elements(MYSQL))
        .containsEntry("table odd, (name", "present")
        .containsEntry("column odd, (name.id", "int unsigned NOT NULL AUTO_INCREMENT")
        .containsEntry(
            "column odd, (name.a`b",
            "varchar(10) COLLATE utf8mb4_bin DEFAULT 'x,)''(\\\\' COMMENT 'one, two) ('")
        .containsEntry(
            "column odd, (name.e", "enum('a,b','c)''d') DEFAULT NULL /*!80023 INVISIBLE */")
        .containsEntry("key odd, (name.PRIMARY", "PRIMARY KEY (`id`)")
        .containsEntry(
            "key odd, (name.u,1",
            "UNIQUE KEY `u,1` (`a``b`(5) DESC,`id`) COMMENT 'AUTO_INCREMENT=7'")
        .containsEntry(
            "key odd, (name.expr",
            "KEY `expr` ((lower(concat(`a``b`,_utf8mb4',)')))) /*!80000 INVISIBLE */")
        .containsEntry(
            "key odd, (name.ft", "FULLTEXT KEY `ft` (`a``b`) /*!50100 WITH PARSER `ngram` */")
        .containsEntry(
            "constraint odd, (name.odd_chk_1",
            "CONSTRAINT `odd_chk_1` CHECK ((`id` > 0)) /*!80016 NOT ENFORCED */")
        .containsEntry(
            "options odd, (name",
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=9'")
        .containsEntry(
            "partitions odd, (name",
            "/*!50100 PARTITION BY RANGE (`id`)\n"
                + "(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */")
        .hasSize(13);
    assertThat(TableShape.columnOrder(MYSQL)).containsExactly("id", "a`b", "e", "key");
  }

  @Test
  void refusesWhatIsNoTable() {
    assertThatThrownBy(() -> TableShape.elements("CREATE VIEW `v` AS select 1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @EngineTest
  void readsWhatTheServerPrints(Database database) {
    boolean mysql = database.engine() == Engine.MYSQL;
    database.execute("CREATE TABLE parent (id INT PRIMARY KEY)");
    database.execute(
        "CREATE TABLE odd (id INT NOT NULL AUTO_INCREMENT COMMENT 'a, b) (\nc', `a``b` VARCHAR(20)"
            + " DEFAULT 'x,)''(\\\\', e ENUM('a,b','c)''d') INVISIBLE, g INT AS (LENGTH(`a``b`) + 1) STORED,"
            + " PRIMARY KEY (id), UNIQUE KEY `u,1` (`a``b`(5)), KEY plain (e, g), FULLTEXT KEY ft"
            + " (`a``b`), CONSTRAINT fk_1 FOREIGN KEY (id) REFERENCES parent (id), CONSTRAINT ck"
            + " CHECK (`a``b` <> ',)')"
            + (mysql ? ", KEY expr ((lower(`a``b`))) INVISIBLE" : "")
            + ") COMMENT = 'AUTO_INCREMENT=9'");
    var before = TableShape.elements(show(database, "odd"));

    assertThat(before.keySet().stream().filter(k -> !k.equals("key odd.expr")))
        .containsExactly(
            "column odd.a`b",
            "column odd.e",
            "column odd.g",
            "column odd.id",
            "constraint odd.ck",
            "constraint odd.fk_1",
            "key odd.PRIMARY",
            "key odd.ft",
            "key odd.plain",
            "key odd.u,1",
            "options odd",
            "table odd");
    assertThat(before).containsEntry("key odd.plain", "KEY `plain` (`e`,`g`)");
    assertThat(TableShape.columnOrder(show(database, "odd")))
        .containsExactly("id", "a`b", "e", "g");

    database.execute("ALTER TABLE odd AUTO_INCREMENT = 500");
    assertThat(TableShape.elements(show(database, "odd"))).isEqualTo(before);
  }

  @EngineTest
  void keepsPartitionsApart(Database database) {
    database.execute(
        "CREATE TABLE p (id INT PRIMARY KEY) PARTITION BY RANGE (id)"
            + " (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)");
    var parts = TableShape.elements(show(database, "p"));

    assertThat(parts.keySet())
        .containsExactly("column p.id", "key p.PRIMARY", "options p", "partitions p", "table p");
    assertThat(parts.get("partitions p")).contains("PARTITION BY RANGE").contains("p1");
    assertThat(parts.get("options p")).startsWith("ENGINE=InnoDB").doesNotContain("PARTITION");
  }

  private static String show(Database database, String table) {
    return database.query("SHOW CREATE TABLE " + table).stream()
        .map(row -> String.valueOf(row.get(1)))
        .collect(Collectors.joining());
  }
}
