package dev.halcyon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;

class HarnessTest {

  @EngineTest
  void givesFreshSchemaOnEachEngine(Database database) {
    database.execute("CREATE TABLE a (id INT PRIMARY KEY, name VARCHAR(10))");
    database.execute("INSERT INTO a VALUES (1, 'x'), (2, NULL)");

    assertThat(database.strings("SELECT * FROM a ORDER BY id"))
        .containsExactly("1 | x", "2 | NULL");
    var version = database.value("SELECT VERSION()");
    assertThat(version.contains("MariaDB")).isEqualTo(database.engine() == Engine.MARIADB);
  }
}
