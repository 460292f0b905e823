package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.plan.Limits;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Relay;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The way that is taken is the mildest that the server and the table allow. */
class WaysTest {
  /** Nobody may fall behind, and somebody follows. */
  private static final Limits NO_LAG = new Limits(100, Duration.ZERO, true);

  private static final Limits USUAL = new Limits(100);

  private static void table(Database database) {
    database.execute(
        "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v INT NOT NULL,"
            + " name VARCHAR(50), n INT NULL, KEY (name))",
        "INSERT INTO t (v, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  }

  private static WayChoice choice(Database database, Limits limits, String clauses) {
    return new Ways(Rebuilding.server(database), limits, "ALTER TABLE t " + clauses, CaptureBy.LOG)
        .choose(null);
  }

  private static Way way(Database database, Limits limits, String clauses) {
    return choice(database, limits, clauses).way();
  }

  @EngineTest
  void theMildestWayIsTaken(Database database) {
    table(database);
    var maria = database.engine() == Engine.MARIADB;
    assertThat(way(database, USUAL, "ADD COLUMN w INT")).isEqualTo(Way.INSTANT);
    assertThat(way(database, USUAL, "ADD KEY (v)")).isEqualTo(Way.IN_PLACE);
    assertThat(way(database, USUAL, "MODIFY v INT NULL")).isEqualTo(Way.IN_PLACE);
    assertThat(way(database, USUAL, "MODIFY v BIGINT NOT NULL"))
        .isEqualTo(maria ? Way.ONLINE_COPY : Way.REBUILD);
    assertThat(way(database, USUAL, "ENGINE=InnoDB")).isEqualTo(Way.IN_PLACE);
    assertThat(database.strings("SHOW TABLES LIKE 't%'")).containsExactly("t");
  }

  @EngineTest
  void replicasThatWouldStandStillMakeItARebuild(Database database) {
    table(database);
    var choice = choice(database, NO_LAG, "MODIFY v INT NULL");
    assertThat(choice.way()).isEqualTo(Way.REBUILD);
    assertThat(choice.against().get(Way.IN_PLACE)).contains("replicas would stand still");
    assertThat(choice.text())
        .contains("rebuild: ", "not in-place: ", "not instant: ", "replicas would be behind")
        .contains("of disk; replicas follow");
  }

  @EngineTest
  void whatARebuildLeavesBehindIsSaidWithTheOtherWays(Database database) {
    table(database);
    database.execute(
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "ALTER TABLE t ADD CONSTRAINT of_p FOREIGN KEY (n) REFERENCES p (id) ON DELETE SET NULL");
    var choice = choice(database, new Limits(1000), "MODIFY v BIGINT NOT NULL");
    assertThat(choice.way()).isEqualTo(Way.COPY);
    assertThat(choice.against().get(Way.REBUILD)).contains("of_p");
    assertThat(
            catchThrowableOfType(
                    Refusal.class,
                    () ->
                        choice(
                            database,
                            new Limits(0, Duration.ZERO, true),
                            "MODIFY v BIGINT NOT NULL"))
                .findings()
                .stream()
                .map(Finding::message))
        .anyMatch(m -> m.contains("of_p"))
        .anyMatch(m -> m.contains("writers would wait"));
  }

  @EngineTest
  void aWayThatIsNotSafeIsRefusedWithItsReason(Database database) {
    table(database);
    assertThatThrownBy(() -> forced(database, NO_LAG, "MODIFY v INT NULL", Way.IN_PLACE))
        .hasMessageContaining("replicas would stand still");
    assertThatThrownBy(() -> forced(database, new Limits(0), "MODIFY v BIGINT NOT NULL", Way.COPY))
        .hasMessageContaining("writers would wait");
    assertThatThrownBy(() -> forced(database, USUAL, "MODIFY v BIGINT NOT NULL", Way.INSTANT))
        .hasMessageContaining("the server refuses it");
    assertThat(forced(database, USUAL, "ADD COLUMN w INT", Way.REBUILD).way())
        .isEqualTo(Way.REBUILD);
  }

  private static WayChoice forced(Database database, Limits limits, String clauses, Way way) {
    return new Ways(Rebuilding.server(database), limits, "ALTER TABLE t " + clauses, CaptureBy.LOG)
        .choose(way);
  }

  @EngineTest(Engine.MYSQL)
  void manyRowVersionsSpeakAgainstInstant(Database database) {
    table(database);
    for (var i = 0; i < 56; i++) {
      database.execute("ALTER TABLE t ADD COLUMN c" + i + " INT, ALGORITHM=INSTANT");
    }
    var choice = choice(database, USUAL, "ADD COLUMN w INT");
    assertThat(choice.way()).isEqualTo(Way.IN_PLACE);
    assertThat(choice.against().get(Way.INSTANT)).contains("56 row versions");
    assertThat(choice(database, USUAL, "DROP COLUMN n, MODIFY v INT NOT NULL FIRST").way())
        .isNotEqualTo(Way.INSTANT);
  }

  @EngineTest
  void whatTheServerTakesInNoWayIsRefusedInItsWords(Database database) {
    table(database);
    assertThatThrownBy(() -> choice(database, USUAL, "MODIFY nix INT")).hasMessageContaining("nix");
    assertThatThrownBy(() -> choice(database, USUAL, "MODIFY v INT NOT NULL"))
        .hasMessageContaining("already so");
  }

  @EngineTest
  void anUnqualifiedOrQualifiedNameMeansTheSameTable(Database database) {
    table(database);
    var ways =
        new Ways(
            Rebuilding.server(database),
            USUAL,
            "ALTER TABLE `" + database.schema() + "`.t ADD COLUMN w INT",
            CaptureBy.LOG);
    assertThat(ways.choose(null).way()).isEqualTo(Way.INSTANT);
  }

  @EngineTest
  void aNativeWayChangesTheTableOnce(Database database) {
    table(database);
    assertThat(new Rebuilding(database).alter(USUAL, "ALTER TABLE t ADD COLUMN w INT", null).way())
        .isEqualTo(Way.INSTANT);
    assertThat(new Rebuilding(database).alter(USUAL, "ALTER TABLE t ADD KEY k (w)", null).way())
        .isEqualTo(Way.IN_PLACE);
    assertThat(database.value("SHOW CREATE TABLE t")).contains("`w` int", "KEY `k`");
  }

  @EngineTest
  void aLostReplyIsClearedUpByLooking(Database database) {
    table(database);
    Predicate<String> add = text -> text.contains("ADD COLUMN w INT, ALGORITHM=INSTANT");
    for (var after : new boolean[] {true, false}) {
      try (var relay = Relay.inFrontOf(database.server())) {
        var asked = new AtomicInteger();
        // The first one is the trial in the scratch schema.
        Predicate<String> second = text -> add.test(text) && asked.incrementAndGet() == 2;
        var _ = after ? relay.cutAfterRequest(second) : relay.cutBeforeRequest(second);
        new Rebuilding(database)
            .through(relay.url(database))
            .alter(USUAL, "ALTER TABLE t ADD COLUMN w INT", null);
        assertThat(asked.get()).isGreaterThanOrEqualTo(2);
      }
      assertThat(database.value("SHOW CREATE TABLE t")).contains("`w` int");
      database.execute("ALTER TABLE t DROP COLUMN w");
    }
  }
}
