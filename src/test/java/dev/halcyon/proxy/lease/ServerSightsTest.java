package dev.halcyon.proxy.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.proxy.lease.Sight.Seen;
import dev.halcyon.proxy.lease.Sight.Unseen;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;

class ServerSightsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** An account without any privilege sees enough. */
  @EngineTest
  void tellsFencedFromWritable(Database database) throws Exception {
    var account = database.createUser("monitor");
    var settings =
        new ConnectionSettings(
            "jdbc:mariadb://127.0.0.1:%d/information_schema".formatted(database.server().port()),
            account.user(),
            account.password());
    var sights = new ServerSights(Map.of("a", settings), PATIENCE);

    assertThat(sights.look("a").get("a"))
        .isInstanceOfSatisfying(
            Seen.class,
            seen -> {
              assertThat(seen.readOnly()).isFalse();
              assertThat(seen.behind()).isFalse();
            });
    database.execute("SET GLOBAL read_only = ON");
    try {
      assertThat(sights.look("a").get("a"))
          .isInstanceOfSatisfying(Seen.class, seen -> assertThat(seen.readOnly()).isTrue());
    } finally {
      database.execute("SET GLOBAL read_only = OFF");
    }
  }

  @EngineTest
  void silentServerIsUnseenInTime(Database database) throws Exception {
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var silent =
          new ConnectionSettings(
              "jdbc:mariadb://127.0.0.1:%d/information_schema".formatted(listener.getLocalPort()),
              database.user(),
              database.password());
      var wrong =
          new ConnectionSettings(
              "jdbc:mariadb://127.0.0.1:%d/information_schema".formatted(database.server().port()),
              database.user(),
              "wrong");
      var sights =
          new ServerSights(Map.of("silent", silent, "wrong", wrong), Duration.ofSeconds(1))
              .look("a");

      assertThat(sights.get("silent")).isInstanceOf(Unseen.class);
      assertThat(sights.get("wrong"))
          .isInstanceOfSatisfying(
              Unseen.class, unseen -> assertThat(unseen.reason()).contains("password"));
    }
  }
}
