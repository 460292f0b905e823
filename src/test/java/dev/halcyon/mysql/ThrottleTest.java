package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

final class ThrottleTest {
  private static final String BEAT = "SELECT beat FROM heartbeat";

  private static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  @EngineTest
  void replicaThatKeepsUpGivesRoomAndOneThatDoesNotTakesIt(Database database) {
    var server = server(database);
    database.execute("CREATE TABLE heartbeat (beat DATETIME(6))");
    for (var age : List.of("0", "-30")) {
      database.execute(
          "DELETE FROM heartbeat",
          "INSERT INTO heartbeat VALUES (UTC_TIMESTAMP(6) + INTERVAL " + age + " SECOND)");
      try (var lag = new ReplicaLag(server, BEAT, Duration.ofSeconds(10));
          var session = server.open("test")) {
        if (age.equals("0")) {
          assertThat(lag.leeway(session)).isInstanceOf(Leeway.Full.class);
        } else {
          assertThat(lag.leeway(session))
              .isInstanceOfSatisfying(
                  Leeway.None.class, n -> assertThat(n.reason()).contains("s behind, the limit"));
        }
      }
    }
  }

  @EngineTest
  void aSignalThatCannotBeReadCountsAsTheWorst(Database database) {
    var server = server(database);
    try (var lag = new ReplicaLag(server, BEAT, Duration.ofSeconds(10));
        var session = server.open("test")) {
      assertThat(lag.leeway(session))
          .isInstanceOfSatisfying(Leeway.None.class, n -> assertThat(n.reason()).contains("1146"));
    }
    database.execute("CREATE TABLE heartbeat (beat DATETIME(6))");
    try (var lag = new ReplicaLag(server, BEAT, Duration.ofSeconds(10));
        var session = server.open("test")) {
      assertThat(lag.leeway(session))
          .isInstanceOfSatisfying(
              Leeway.None.class, n -> assertThat(n.reason()).contains("no heartbeat"));
    }
  }

  @EngineTest
  void tooManyRunningThreadsTakeAllRoom(Database database) throws Exception {
    var server = server(database);
    var sleepers = new ArrayList<Thread>();
    var ids = new ArrayList<Long>();
    try (var session = server.open("test")) {
      for (var i = 0; i < 3; i++) {
        var sleeper = server.open("sleeper");
        ids.add(sleeper.connectionId());
        sleepers.add(
            Thread.ofPlatform()
                .name("sleeper")
                .start(
                    () -> {
                      try (sleeper) {
                        sleeper.execute("DO SLEEP(60)");
                      } catch (Fault ended) {
                        assertThat(ended).isNotNull();
                      }
                    }));
      }
      await(
          () ->
              session
                      .query(
                          "SELECT COUNT(*) FROM information_schema.processlist"
                              + " WHERE info LIKE 'DO SLEEP%'")
                      .getFirst()
                      .longValue(1)
                  == 3);
      assertThat(new ServerLoad(server, 3).leeway(session))
          .isInstanceOfSatisfying(
              Leeway.None.class, n -> assertThat(n.reason()).contains("the limit is 3"));
      assertThat(new ServerLoad(server, 200).leeway(session)).isNotInstanceOf(Leeway.None.class);
      ids.forEach(session::kill);
      for (var sleeper : sleepers) {
        sleeper.join();
      }
    }
  }

  @EngineTest
  void versionsThatAreNotCleanedUpAreWaitedFor(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0)");
    var server = server(database);
    try (var session = server.open("test");
        var holder = database.connection();
        var statement = holder.createStatement()) {
      assertThat(new HistoryLength(1_000_000_000).leeway(session)).isInstanceOf(Leeway.Full.class);
      statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
      statement.executeQuery("SELECT * FROM t").close();
      for (var i = 0; i < 20; i++) {
        database.execute("UPDATE t SET v = v + 1");
      }
      await(
          () ->
              new HistoryLength(5).leeway(session) instanceof Leeway.None(var reason)
                  && reason.contains("the limit is 5"));
      statement.execute("COMMIT");
    }
  }

  @EngineTest
  void ourOwnStatementsAreNotTraffic(Database database) {
    var server = server(database);
    try (var session = server.open("test")) {
      var load = new ServerLoad(server, 200);
      assertThat(load.leeway(session)).isInstanceOf(Leeway.Shared.class);
      await(
          () -> {
            for (var i = 0; i < 20; i++) {
              session.execute("DO 1");
            }
            return load.leeway(session) instanceof Leeway.Full;
          });
    }
  }

  @EngineTest
  void othersStatementsAreTraffic(Database database) {
    var server = server(database);
    try (var session = server.open("test")) {
      var load = new ServerLoad(server, 200);
      await(() -> load.leeway(session) instanceof Leeway.Full);
      await(
          () -> {
            for (var i = 0; i < 20; i++) {
              database.execute("DO 1");
            }
            return load.leeway(session) instanceof Leeway.Shared;
          });
    }
  }

  @EngineTest(Engine.MARIADB)
  void theLeastRoomCounts(Database database) {
    try (var session = server(database).open("test")) {
      Throttle full = any -> new Leeway.Full();
      Throttle shared = any -> new Leeway.Shared();
      Throttle none = any -> new Leeway.None("no");
      assertThat(Throttle.all(List.of()).leeway(session)).isInstanceOf(Leeway.Full.class);
      assertThat(Throttle.all(List.of(full, shared, full)).leeway(session))
          .isInstanceOf(Leeway.Shared.class);
      assertThat(Throttle.all(List.of(shared, none, full)).leeway(session))
          .isInstanceOf(Leeway.None.class);
    }
  }

  /** The condition asks the server, and asking takes its time. */
  private static void await(BooleanSupplier condition) {
    var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for 30 s").isLessThan(end);
    }
  }
}
