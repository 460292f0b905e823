package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.concurrent.atomic.AtomicInteger;

/** A run dies when more has been done than its checkpoint says. */
class ResumedRunsTest {
  @EngineTest
  void rowsCopiedBehindTheCheckpointAreCopiedAnew(Database database) {
    database.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL)");
    for (var id = 1; id <= 200; id++) {
      database.execute("INSERT INTO t VALUES (%d, %d)".formatted(id, id));
    }
    var rounds = new AtomicInteger();
    var dying =
        new Rebuilding(database)
            .chunks(5)
            .listening(
                event -> {
                  if (event instanceof Event.StepAdvanced advanced
                      && advanced.step().equals(CopyPhase.STEP)
                      && rounds.incrementAndGet() == 2) {
                    throw new IllegalStateException("dies");
                  }
                });
    assertThatThrownBy(() -> dying.run("ALTER TABLE t MODIFY v BIGINT NOT NULL"))
        .hasMessage("dies");
    var last = Integer.parseInt(database.value("SELECT MAX(id) FROM t_hal_new"));
    assertThat(last).isBetween(2, 199);
    database.execute(
        "DELETE FROM t WHERE id = " + last,
        "UPDATE t SET v = -1 WHERE id = " + (last - 1),
        "INSERT INTO t VALUES (-5, 5)");
    var expected = database.strings("SELECT id, v FROM t ORDER BY id");

    new Rebuilding(database).run("ALTER TABLE t MODIFY v BIGINT NOT NULL");

    assertThat(database.strings("SELECT id, v FROM t ORDER BY id")).isEqualTo(expected);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("bigint");
  }
}
