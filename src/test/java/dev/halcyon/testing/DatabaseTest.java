package dev.halcyon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import java.sql.SQLException;

class DatabaseTest {

  @EngineTest
  void givesFreshSchemaOnEachEngine(Database database) {
    database.execute("CREATE TABLE a (id INT PRIMARY KEY, name VARCHAR(10))");
    database.execute("INSERT INTO a VALUES (1, 'x'), (2, NULL)");

    assertThat(database.strings("SELECT * FROM a ORDER BY id"))
        .containsExactly("1 | x", "2 | NULL");
    assertThat(database.value("SELECT VERSION()").contains("MariaDB"))
        .isEqualTo(database.engine() == Engine.MARIADB);
    assertThat(database.url())
        .isEqualTo(
            "jdbc:%s://127.0.0.1:%d/%s"
                .formatted(
                    database.engine() == Engine.MARIADB ? "mariadb" : "mysql",
                    database.server().port(),
                    database.schema()));
  }

  @EngineTest
  void serverIsSetAsTestsExpectIt(Database database) {
    assertThat(
            database.value(
                "SELECT CONCAT_WS(' ', IF(@@log_bin, 1, 0), @@binlog_format, @@server_id, @@sync_binlog,"
                    + " IF(@@log_bin_trust_function_creators, 1, 0))"))
        .isEqualTo("1 ROW 1 0 1");
    assertThat(database.query("SHOW STATUS LIKE 'Ssl_cipher'").getFirst().get(1)).isNotEqualTo("");
    assertThat(database.value("SELECT 'zzab' REGEXP 'a[[:alpha:]]'")).isEqualTo("1");
  }

  @EngineTest
  void snapshotsOfEqualSchemasAreEqual(Database database) {
    try (var twin = Database.fresh(database.server())) {
      fill(database);
      fill(twin);
      // Another counter is no difference.
      twin.execute("INSERT INTO users VALUES (9, 'z', x'00')", "DELETE FROM users WHERE id = 9");
      assertThat(database.snapshot()).isEqualTo(twin.snapshot());
      assertThat(database.snapshot())
          .contains("CREATE TABLE `users`", "1 | a | 0xff", "VIEW", "TRIGGER", "FUNCTION")
          .doesNotContain(database.schema());

      twin.execute("UPDATE users SET name = 'b'");
      assertThat(database.snapshot()).isNotEqualTo(twin.snapshot());
    }
  }

  private static void fill(Database database) {
    database.execute(
        "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(10), b VARBINARY(4))",
        "INSERT INTO users VALUES (1, 'a', x'ff'), (2, NULL, NULL)",
        "CREATE VIEW names AS SELECT name FROM users",
        "CREATE TRIGGER upper_name BEFORE INSERT ON users FOR EACH ROW SET NEW.name ="
            + " UPPER(NEW.name)",
        "CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1");
  }

  @EngineTest
  void namesObjectsOfHalcyon(Database database) {
    database.execute(
        "CREATE TABLE halcyon_step (id INT)",
        "CREATE TABLE users (id INT)",
        "CREATE VIEW hal_v AS SELECT 1",
        "CREATE TRIGGER hal_t BEFORE INSERT ON users FOR EACH ROW SET @x = 1");
    assertThat(database.ownObjects())
        .containsExactly("table halcyon_step", "trigger hal_t", "view hal_v");
  }

  @EngineTest
  void makesAccountsWithGrants(Database database) throws SQLException {
    database.execute("CREATE TABLE a (id INT)");
    var reader = database.createUser("reader", "SELECT ON {schema}.*");
    try (var connection = database.connection(reader);
        var statement = connection.createStatement()) {
      statement.executeQuery("SELECT * FROM a").close();
      assertThatThrownBy(() -> statement.execute("INSERT INTO a VALUES (1)"))
          .hasMessageContaining("denied");
    }
    if (database.engine() == Engine.MYSQL) {
      assertThat(
              database.value("SELECT plugin FROM mysql.user WHERE user = '" + reader.user() + "'"))
          .isEqualTo("caching_sha2_password");
    }
  }

  @EngineTest(Engine.MARIADB)
  void failureQuotesTheStatement(Database database) {
    assertThatThrownBy(() -> database.execute("SELEC 1"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1064 (42000)")
        .hasMessageContaining("in: SELEC 1");
  }
}
