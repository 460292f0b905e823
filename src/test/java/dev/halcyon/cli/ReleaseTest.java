package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** {@code halcyon release} before a real HAProxy, under steady load. */
class ReleaseTest {
  @TempDir private Path folder;

  @EngineTest
  void aGoodVersionTakesOverAndNobodyNotices(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var visitors = stage.visitors()) {
      var shell = Shell.on(database, folder);
      assertThat(shell.run("halcyon init").status()).isZero();

      var told = shell.run("halcyon release --dry-run");
      assertThat(told.status()).describedAs("%s", told).isZero();
      assertThat(told.out())
          .contains(
              "V1 email",
              "ADD COLUMN",
              "set weight shop/v2 10",
              "set weight shop/v1 90",
              "set server shop/v1 state maint",
              "echo stopped >> old.log",
              "GET /users: status 200, $.users[0] = ann, $.version = 2");
      assertThat(stage.fresh().requests()).isZero();

      var done = shell.run("halcyon release");
      assertThat(done.status()).describedAs("%s", done).isZero();
      assertThat(done.out()).contains("2.0 has all traffic", "halcyon contract V1");
      assertThat(stage.log("new.log")).isEqualTo("started\n");
      assertThat(stage.log("old.log")).isEqualTo("stopped\n");
      assertThat(shell.run("halcyon status").out())
          .contains("V1  email  verified", "release 1.0 -> 2.0: completed; 2.0 has the traffic\n");

      var again = shell.run("halcyon release");
      assertThat(again.status()).isEqualTo(2);
      assertThat(again.err()).contains("HAL-221", "2.0 has the traffic");

      var seen = visitors.take();
      assertThat(seen.failed()).describedAs("%s", seen).isZero();
      assertThat(seen.requests()).isPositive();

      var contracted = shell.run("halcyon contract V1");
      assertThat(contracted.status()).describedAs("%s", contracted).isZero();
    }
  }

  @EngineTest(Engine.MYSQL)
  void whatFailsItsSmokeTestsIsSeenByNobody(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var visitors = stage.visitors()) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      stage.write("\n[[smoke]]\npath = \"/users\"\ntext = [\"bob\"]\n");

      var stopped = shell.run("halcyon release");
      assertThat(stopped.status()).describedAs("%s", stopped).isEqualTo(1);
      assertThat(stopped.err()).contains("HAL-807", "\"bob\" is not in the answer");
      assertThat(stopped.out()).contains("all traffic is on 1.0 again");
      assertThat(stage.log("new.log")).isEqualTo("started\nstopped\n");
      // The ready check and the two smoke tests.
      assertThat(stage.fresh().requests()).isEqualTo(3);
      assertThat(visitors.take().failed()).isZero();

      var closed = shell.run("halcyon contract V1");
      assertThat(closed.status()).isEqualTo(3);
      assertThat(closed.err()).contains("1.0 has the traffic");
      assertThat(shell.run("halcyon status").out())
          .contains("release 1.0 -> 2.0: reverted; 1.0 has the traffic; taken back: ");

      stage.write("");
      assertThat(shell.run("halcyon release").status()).isZero();
      assertThat(visitors.take().failed()).isZero();
    }
  }

  @EngineTest(Engine.MYSQL)
  void whatIsWorseThanAllowedIsTakenBack(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var visitors = stage.visitors()) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      stage.fresh().failEvery(4);
      visitors.take();

      var stopped = shell.run("halcyon release");
      var seen = visitors.take();
      assertThat(stopped.status()).describedAs("%s", stopped).isEqualTo(1);
      assertThat(stopped.err()).contains("HAL-808", "failed", "at most 5 % are allowed");
      // A tenth of some 600 requests a second, a quarter of them bad, for a few intervals.
      assertThat(seen.failed()).describedAs("%s", seen).isBetween(1L, 150L);
      long before = stage.fresh().requests();
      assertThat(Shell.on(database, folder).run("halcyon release --revert").err())
          .contains("HAL-221");
      assertThat(visitors.take().failed()).isZero();
      assertThat(stage.fresh().requests()).isEqualTo(before);
      assertThat(shell.run("halcyon status").out()).contains("V1  email  verified");
    }
  }

  @EngineTest(Engine.MARIADB)
  void slownessQueriesAndCommandsAreWatchedToo(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var _ = stage.visitors()) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      stage.write(
          """
          [[watch.sql]]
          query = "SELECT COUNT(*) FROM users"
          most = 1
          """);
      assertThat(shell.run("halcyon release").err())
          .contains("HAL-808: 2, at most 1 is allowed: SELECT COUNT(*) FROM users");

      stage.write("[[watch.command]]\ncommand = \"echo no good; exit 3\"\n");
      assertThat(shell.run("halcyon release").err())
          .contains("HAL-808", "ended with status 3: no good");

      stage.write("[[watch.sql]]\nquery = \"DELETE FROM users\"\n");
      assertThat(shell.run("halcyon release").err())
          .contains("HAL-808", "the check cannot be made");
      assertThat(database.count("users")).isEqualTo(2);

      stage.fresh().delay(Duration.ofMillis(60));
      Files.writeString(
          folder.resolve("release.toml"),
          stage.text().replace("errors = \"5%\"", "latency = \"40ms\""));
      assertThat(shell.run("halcyon release").err())
          .contains("HAL-808", "at most 40 ms are allowed");
    }
  }

  @EngineTest(Engine.MARIADB)
  void aFinishedReleaseIsTakenBackUntilItIsContracted(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var visitors = stage.visitors()) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      assertThat(shell.run("halcyon release").status()).isZero();

      var back = shell.run("halcyon release --revert");
      assertThat(back.status()).describedAs("%s", back).isZero();
      assertThat(back.out()).contains("all traffic is on 1.0 again");
      long before = stage.fresh().requests();
      visitors.take();
      assertThat(shell.run("halcyon contract V1").status()).isEqualTo(3);
      assertThat(visitors.take().failed()).isZero();
      assertThat(stage.fresh().requests()).isEqualTo(before);

      Files.writeString(folder.resolve("release.toml"), "contract = true\n" + stage.text());
      var forward = shell.run("halcyon release");
      assertThat(forward.status()).describedAs("%s", forward).isZero();
      assertThat(shell.run("halcyon status").out()).contains("V1  email  contracted");
      assertThat(visitors.take().failed()).isZero();

      var tooLate = shell.run("halcyon release --revert");
      assertThat(tooLate.status()).isEqualTo(2);
      assertThat(tooLate.err()).contains("HAL-603", "contract");
    }
  }
}
