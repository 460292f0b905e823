package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Failure;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;

/** Bytes that are no text are compared as what they are. */
class ComparedBytesTest {
  private static final String WIDER =
      "ALTER TABLE t MODIFY v VARBINARY(300), MODIFY f BINARY(6), MODIFY b LONGBLOB";

  private static void table(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARBINARY(12), f BINARY(4), b BLOB)",
        "INSERT INTO t VALUES (1, x'ab00', x'ab', x'ff20'), (2, x'', x'00', NULL),"
            + " (3, NULL, NULL, 'text '), (4, x'c3', x'c3280000', x'c328')");
  }

  @EngineTest
  void bytesGetMoreRoom(Database database) {
    table(database);
    new Rebuilding(database).run(WIDER);
    assertThat(database.strings("SELECT id, HEX(v), HEX(f), HEX(b) FROM t ORDER BY id"))
        .containsExactly(
            "1 | AB00 | AB0000000000 | FF20",
            "2 |  | 000000000000 | NULL",
            "3 | NULL | NULL | 7465787420",
            "4 | C3 | C32800000000 | C328");
  }

  @EngineTest
  void aByteThatDiffersIsFound(Database database) {
    table(database);
    assertThatThrownBy(
            () ->
                new Rebuilding(database)
                    .atStep(
                        Comparison.STEP,
                        () ->
                            database.execute(
                                "UPDATE t_hal_new SET v = x'ab01' WHERE id = 1",
                                "UPDATE t_hal_new SET b = x'c329' WHERE id = 4"))
                    .run(WIDER))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("2 rows")
        .hasMessageContaining("1; 4");
  }
}
