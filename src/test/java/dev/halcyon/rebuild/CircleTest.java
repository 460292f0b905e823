package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Neighbours;
import dev.halcyon.mysql.ReplicaLag;
import dev.halcyon.mysql.Server;
import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.ServerPair;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Rebuilds on a server that follows another one, which follows it. */
class CircleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String WIDER = "ALTER TABLE t MODIFY v BIGINT NOT NULL";

  private final List<String> notes = new ArrayList<>();

  /** One pair for all: they are slow to start. */
  @EngineTest
  void rebuildsAPairsTables(Engine engine) {
    try (var pair = ServerPair.start(engine, Options.defaults().tls(false))) {
      becomeApart(pair);
      on(pair, this::whatArrivesIsCapturedAndThePassiveServerEndsEqual);
      on(pair, this::aSecondWriterIsRefusedBeforehand);
      on(pair, this::writesOfBothEndTheRun);
      on(pair, this::aServerThatIsReadOnlyIsRefused);
      on(pair, this::triggersNeedToKnowThatNothingArrives);
      on(pair, this::aSwitchoverStopsARebuildThatGoesOnAfterTheWayBack);
      on(pair, this::aSwitchoverStopsARebuildThatIsGivenUpOnTheOtherServer);
      on(pair, this::anOldTableThatIsKeptIsLetGoOnTheOtherServer);
    }
  }

  /** Two that write count their transactions apart, as MariaDB asks for. */
  private static void becomeApart(ServerPair pair) {
    if (pair.server("a").engine() == Engine.MARIADB) {
      for (var name : List.of("a", "b")) {
        var domain = name.equals("a") ? 1 : 2;
        pair.execute(
            name,
            "SET GLOBAL gtid_domain_id = " + domain,
            "SET SESSION gtid_domain_id = " + domain);
      }
    }
  }

  private void on(ServerPair pair, BiConsumer<ServerPair, Database> test) {
    notes.clear();
    fence(pair, "b");
    pair.unfence("a");
    try (var database = Database.fresh(pair.server("a"))) {
      database.execute(
          "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT NOT NULL, w VARCHAR(20),"
              + " KEY (v), KEY (w))",
          "INSERT INTO t (v, w) VALUES (1, 'one'), (2, 'two'), (3, NULL), (4, 'four')");
      for (var i = 0; i < 7; i++) {
        database.execute("INSERT INTO t (v, w) SELECT v + 1, w FROM t");
      }
      pair.awaitApplied("b", PATIENCE);
      test.accept(pair, database);
      pair.unfence("a");
    }
    pair.awaitApplied("b", PATIENCE);
  }

  /** For applications, not for the tests' own account. */
  private static void fence(ServerPair pair, String name) {
    pair.unfence(name);
    pair.execute(name, "SET GLOBAL read_only = 1");
  }

  private Rebuilding rebuilding(Database database) {
    return new Rebuilding(database).chunks(100).listening(this::note);
  }

  private void note(Event event) {
    if (event instanceof Event.Note(var text)) {
      notes.add(text);
    }
  }

  private static Neighbours b(ServerPair pair, Database database) {
    return new Neighbours(
        List.of(pair.member("b", pair.server("b").port(), database.schema()).settings()));
  }

  private Rebuilding at(Database database, String step, Runnable work) {
    return rebuilding(database)
        .listening(
            event -> {
              note(event);
              if (event instanceof Event.StepStarted started && started.step().equals(step)) {
                work.run();
              }
            });
  }

  private static void write(ServerPair pair, String server, Database database, String... sql) {
    for (var statement : sql) {
      pair.execute(server, statement.replace("t SET", database.schema() + ".t SET"));
    }
  }

  /** Nothing is left of the rebuild on either server, and both have the same table. */
  private static void requireEqual(ServerPair pair, Database database, String type) {
    pair.awaitApplied("b", PATIENCE);
    var a = table(pair, "a", database);
    assertThat(a.getFirst()).isEqualTo("t");
    assertThat(a.get(1)).contains("`v` " + type);
    assertThat(table(pair, "b", database)).isEqualTo(a);
  }

  /** The names of the tables, the table's text, its rows. */
  private static List<String> table(ServerPair pair, String name, Database database) {
    var server = pair.server(name);
    try (var connection =
            Database.connect(server, database.schema(), server.user(), server.password());
        var statement = connection.createStatement()) {
      var all = new ArrayList<String>();
      for (var query :
          List.of(
              "SELECT GROUP_CONCAT(table_name ORDER BY 1) FROM information_schema.tables"
                  + " WHERE table_schema = DATABASE()"
                  + " AND (table_name LIKE 't%' OR table_name = 'halcyon_rebuild')",
              "SHOW CREATE TABLE t", "SELECT CONCAT_WS('|', id, v, w) FROM t ORDER BY id")) {
        try (var rows = statement.executeQuery(query)) {
          var last = rows.getMetaData().getColumnCount();
          while (rows.next()) {
            all.add(Preparation.shape(rows.getString(last)));
          }
        }
      }
      return all;
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  private void whatArrivesIsCapturedAndThePassiveServerEndsEqual(
      ServerPair pair, Database database) {
    var replica = Server.connect(b(pair, database).named().getFirst());
    try (var lag =
        new ReplicaLag(replica, "SELECT heartbeat_at FROM halcyon_lease", Duration.ofSeconds(5))) {
      var report =
          at(
                  database,
                  "index",
                  () -> {
                    write(
                        pair,
                        "b",
                        database,
                        "INSERT INTO t SET id = 1001, v = 1001, w = 'of b'",
                        "UPDATE t SET v = 77 WHERE id = 2",
                        "UPDATE t SET id = 2003 WHERE id = 3");
                    pair.awaitApplied("a", PATIENCE);
                  })
              .throttledBy(lag)
              .beside(b(pair, database))
              .run(WIDER);
      assertThat(report.rows()).isEqualTo(512);
    }
    assertThat(database.strings("SELECT id, v FROM t WHERE id IN (2, 3, 1001, 2003) ORDER BY 1"))
        .containsExactly("2 | 77", "1001 | 1001", "2003 | 3");
    requireEqual(pair, database, "bigint");
    assertThat(notes)
        .anyMatch(n -> n.contains("is worked on at") && n.contains("(server_id 1"))
        .noneMatch(n -> n.contains("could not be asked"));
  }

  private void aSecondWriterIsRefusedBeforehand(ServerPair pair, Database database) {
    pair.unfence("b");
    var refusal =
        catchThrowableOfType(
            Refusal.class, () -> rebuilding(database).beside(b(pair, database)).run(WIDER));
    assertThat(refusal.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(ErrorCode.TWO_WRITERS.code());
              assertThat(finding.message()).contains("server_id 1", "server_id 2");
              assertThat(finding.remedy()).contains("read_only = ON");
            });
    requireEqual(pair, database, "int");
  }

  private void triggersNeedToKnowThatNothingArrives(ServerPair pair, Database database) {
    var byTriggers = rebuilding(database).by(CaptureBy.TRIGGERS);
    var refusal = catchThrowableOfType(Refusal.class, () -> byTriggers.run(WIDER));
    assertThat(refusal.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(ErrorCode.TWO_WRITERS.code());
              assertThat(finding.message()).contains("could not be asked");
            });
    assertThat(byTriggers.beside(b(pair, database)).run(WIDER).rows()).isEqualTo(512);
    requireEqual(pair, database, "bigint");
  }

  private void writesOfBothEndTheRun(ServerPair pair, Database database) {
    var failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                at(
                        database,
                        "index",
                        () -> {
                          write(pair, "a", database, "UPDATE t SET v = 70 WHERE id = 1");
                          write(pair, "b", database, "UPDATE t SET v = 71 WHERE id = 2");
                          pair.awaitApplied("a", PATIENCE);
                        })
                    .run(WIDER));
    assertThat(failure.code()).isEqualTo(ErrorCode.TWO_WRITERS);
    assertThat(failure)
        .hasMessageContaining("server_id 1 (this server) wrote `id` = 1")
        .hasMessageContaining("server_id 2 wrote `id` = 2");
    assertThat(failure.next()).contains("halcyon alter --abort t");
    assertThat(notes).anyMatch(n -> n.contains("could not be asked"));
    assertThat(rebuilding(database).abandon("t")).isFalse();
    assertThat(database.strings("SELECT v FROM t WHERE id < 3 ORDER BY id"))
        .containsExactly("70", "71");
    requireEqual(pair, database, "int");
  }

  private void aServerThatIsReadOnlyIsRefused(ServerPair pair, Database database) {
    fence(pair, "a");
    var refusal = catchThrowableOfType(Refusal.class, () -> rebuilding(database).run(WIDER));
    assertThat(refusal).hasMessageContaining("read-only");
    requireEqual(pair, database, "int");
  }

  /** By hand, while a rebuild is at work with an account that no fence stops. */
  private Failure switchedAt(ServerPair pair, Database database, String step) {
    return catchThrowableOfType(
        Failure.class,
        () ->
            at(
                    database,
                    step,
                    () -> {
                      fence(pair, "a");
                      pair.unfence("b");
                    })
                .run(WIDER));
  }

  private void aSwitchoverStopsARebuildThatGoesOnAfterTheWayBack(
      ServerPair pair, Database database) {
    var failure = switchedAt(pair, database, "cut-over");
    assertThat(failure.code()).isEqualTo(ErrorCode.READ_ONLY);
    assertThat(failure.next()).contains("halcyon alter --abort t");
    write(pair, "b", database, "UPDATE t SET v = 71 WHERE id = 2");
    fence(pair, "b");
    pair.awaitApplied("a", PATIENCE);
    pair.unfence("a");
    var _ = rebuilding(database).run(WIDER);
    assertThat(database.value("SELECT v FROM t WHERE id = 2")).isEqualTo("71");
    requireEqual(pair, database, "bigint");
  }

  private void aSwitchoverStopsARebuildThatIsGivenUpOnTheOtherServer(
      ServerPair pair, Database database) {
    assertThat(switchedAt(pair, database, "index").code()).isEqualTo(ErrorCode.READ_ONLY);
    pair.awaitApplied("b", PATIENCE);
    var there = new Rebuilding(database).through(urlOfB(pair, database));
    var refusal = catchThrowableOfType(Refusal.class, () -> there.run(WIDER));
    assertThat(refusal.findings().getFirst().code()).isEqualTo(ErrorCode.OTHER_SERVER.code());
    assertThat(refusal.findings().getFirst().remedy()).contains("halcyon alter --abort t");
    assertThat(there.abandon("t")).isFalse();
    pair.awaitApplied("a", PATIENCE);
    requireEqual(pair, database, "int");
  }

  private void anOldTableThatIsKeptIsLetGoOnTheOtherServer(ServerPair pair, Database database) {
    var _ = rebuilding(database).run(WIDER, Duration.ofHours(1));
    fence(pair, "a");
    pair.unfence("b");
    pair.awaitApplied("b", PATIENCE);
    var there = new Rebuilding(database).through(urlOfB(pair, database));
    for (var work : List.<Runnable>of(() -> there.keep("t"), () -> there.revert("t"))) {
      var refusal = catchThrowableOfType(Refusal.class, work::run);
      assertThat(refusal.findings().getFirst().code()).isEqualTo(ErrorCode.OTHER_SERVER.code());
    }
    assertThat(there.abandon("t")).isTrue();
    pair.awaitApplied("a", PATIENCE);
    requireEqual(pair, database, "bigint");
  }

  private static String urlOfB(ServerPair pair, Database database) {
    return pair.member("b", pair.server("b").port(), database.schema()).settings().url();
  }
}
