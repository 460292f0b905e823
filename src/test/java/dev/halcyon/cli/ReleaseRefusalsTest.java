package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code halcyon release} does not take: each with clear words, and traffic where it was. */
class ReleaseRefusalsTest {
  @TempDir private Path folder;

  @Test
  void everyProblemOfTheFileIsToldAtOnce() throws IOException {
    Files.writeString(
        folder.resolve("release.toml"),
        """
        changs = ["V1"]
        changes = ["one"]
        [old]
        name = "1"
        servers = ["v1", "v1"]
        ready = "/health"
        [new]
        name = "1"
        servers = ["v1"]
        url = "ftp://x"
        [haproxy]
        socket = "db1:9999"
        [commands]
        [traffic]
        steps = ["25%", "5%", "200%"]
        pause = "10s"
        drain = "soon"
        [watch]
        interval = "40s"
        window = "20s"
        errors = "101%"
        latency = "0s"
        samples = -1
        [[watch.sql]]
        most = "many"
        [[smoke]]
        path = "users"
        command = "true"
        json = { "users[0]" = "x" }
        [[smoke]]
        path = "/users"
        status = 900
        """);
    var result = new Shell(folder, Map.of()).run("halcyon release");
    assertThat(result.status()).isEqualTo(78);
    assertThat(result.err())
        .contains(
            "HAL-801",
            "release.toml: changs is not known; did you mean changes?",
            "changes: \"one\" is not a version such as V12",
            "old.url is not set, and ready is a path of it",
            "new.url = \"ftp://x\" is not a url such as",
            "old.name and new.name are the same: 1",
            "[haproxy] or [commands]: exactly one of them",
            "commands.share is not set",
            "traffic.steps has \"200%\"",
            "traffic.steps do not rise: 5% comes after 25%",
            "traffic.steps do not end with 100%",
            "traffic.drain = \"soon\" is not a time",
            "watch.interval (40 s) is longer than window (20 s)",
            "watch.window (20 s) is longer than traffic.pause (10 s)",
            "watch.errors, latency and samples need commands.counters",
            "watch.errors = \"101%\" is not a percentage",
            "watch.latency = \"0s\" is not a time",
            "watch.samples = \"-1\" is not a whole number",
            "watch.sql[1].query is not set",
            "watch.sql[1].most = \"many\" is not a number",
            "smoke[1].path or command: exactly one of them",
            "smoke[2].status = \"900\" is not a whole number up to 599",
            "new.url is not set, and the smoke tests ask the new version there");
  }

  @Test
  void aSocketElsewhereAndAFileThatIsNoneAreRefused() throws IOException {
    var shell = new Shell(folder, Map.of());
    assertThat(shell.run("halcyon release").err()).contains("HAL-801", "there is no such file");
    Files.writeString(folder.resolve("release.toml"), "[old\n");
    assertThat(shell.run("halcyon release").err()).contains("HAL-801", "line 1", "not TOML");
    Files.writeString(
        folder.resolve("release.toml"),
        """
        [old]
        servers = ["v1", "v1"]
        [new]
        servers = ["v1", "v 2"]
        [haproxy]
        socket = "lb.example:9999"
        """);
    assertThat(shell.run("halcyon release").err())
        .contains(
            "haproxy.socket = \"lb.example:9999\" is neither a path nor an address of this",
            "haproxy.backend is not set",
            "old.name is not set",
            "old.servers names one twice",
            "new.servers: \"v 2\" is no name of a server",
            "server v1 is of both versions");
  }

  @EngineTest(Engine.MARIADB)
  void whatTheBalancerDoesNotKnowIsRefusedBeforeAnything(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var visitors = stage.visitors()) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      replace(stage, "servers = [\"v2\"]", "servers = [\"v7\"]");
      var unknown = shell.run("halcyon release");
      assertThat(unknown.status()).isEqualTo(2);
      assertThat(unknown.err()).contains("HAL-803", "has no server v7; it has [v1, v2]");

      replace(stage, "backend = \"shop\"", "backend = \"shoe\"");
      assertThat(shell.run("halcyon release").err()).contains("HAL-803", "No such proxy.");

      replace(stage, stage.balancer().socket().toString(), "/nowhere/runtime");
      var silent = shell.run("halcyon release");
      assertThat(silent.status()).isEqualTo(2);
      assertThat(silent.err()).contains("HAL-802", "/nowhere/runtime", "Nothing was changed.");
      assertThat(shell.run("halcyon release --dry-run").status()).isEqualTo(2);

      replace(stage, "servers = [\"v1\"]\nstop", "servers = [\"v2\"]\nstop");
      replaceAgain("servers = [\"v2\"]\nurl", "servers = [\"v1\"]\nurl");
      assertThat(shell.run("halcyon release").err())
          .contains("HAL-803", "takes traffic already", "the right way round?");

      assertThat(shell.run("halcyon release --revert").err()).contains("HAL-221");
      assertThat(stage.log("new.log")).isEmpty();
      assertThat(visitors.take().failed()).isZero();
      assertThat(stage.fresh().requests()).isZero();
      assertThat(shell.run("halcyon status").out()).contains("V1  email  pending");
    }
  }

  @EngineTest(Engine.MARIADB)
  void thresholdsThatContradictEachOtherMoveNothing(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var visitors = stage.visitors()) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      replace(stage, "interval = \"100ms\"", "interval = \"2s\"");
      replaceAgain("window = \"400ms\"", "window = \"1s\"");
      var refused = shell.run("halcyon release");
      assertThat(refused.status()).isEqualTo(78);
      assertThat(refused.err())
          .contains(
              "HAL-801",
              "watch.interval (2 s) is longer than window (1 s)",
              "watch.window (1 s) is longer than traffic.pause (400 ms)");
      visitors.awaitRequests(20);
      assertThat(visitors.take().failed()).isZero();
      assertThat(stage.fresh().requests()).isZero();
      assertThat(shell.run("halcyon status").out())
          .contains("V1  email  pending")
          .doesNotContain("release");
    }
  }

  @EngineTest(Engine.MARIADB)
  void aSmokeTestThatNeverAnswersIsBounded(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder);
        var visitors = stage.visitors()) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      replace(stage, "ready = \"/health\"\n", "");
      replaceAgain("path = \"/users\"\n", "path = \"/users\"\ntimeout = \"200ms\"\n");
      stage.fresh().delay(Duration.ofSeconds(3));
      var result = shell.run("halcyon release");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("HAL-807", "no answer within 200 ms");

      replace(stage, "ready-within = \"2s\"", "ready-within = \"100ms\"");
      replaceAgain("ready = \"/health\"", "ready-command = \"echo not yet; exit 1\"");
      assertThat(shell.run("halcyon release").err()).contains("HAL-806", "not yet");

      replace(stage, "start = \"echo started", "start = \"exit 9; echo started");
      var unstarted = shell.run("halcyon release");
      assertThat(unstarted.status()).isEqualTo(2);
      assertThat(unstarted.err()).contains("HAL-805", "ended with status 9");
      // Traffic was with the old version all the time.
      var seen = visitors.take();
      assertThat(seen.failed()).describedAs("%s", seen).isZero();
      assertThat(stage.fresh().requests()).isEqualTo(1);
    }
  }

  @EngineTest(Engine.MARIADB)
  void aBalancerThatGoesAwayStopsTheReleaseWhereItIs(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder)) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      replace(stage, "pause = \"400ms\"", "pause = \"60s\"");
      var running = CompletableFuture.supplyAsync(() -> shell.run("halcyon release"));
      await(database, "watch.10");

      assertThat(shell.run("halcyon status").out())
          .contains("release 1.0 -> 2.0: running at watch.10; 1.0 and 2.0 share the traffic\n");
      assertThat(shell.run("halcyon status --json").lastLine())
          .contains("\"state\":\"running\",\"live\":[\"1.0\",\"2.0\"],\"step\":\"watch.10\"");
      var second = shell.run("halcyon release");
      assertThat(second.status()).describedAs("%s", second).isEqualTo(4);
      assertThat(second.err()).contains("HAL-601");

      stage.balancer().kill();
      var stopped = running.join();
      assertThat(stopped.status()).describedAs("%s", stopped).isEqualTo(2);
      assertThat(stopped.err())
          .contains("HAL-802", "Traffic stays: 10 % on 2.0", "halcyon release");

      // It comes back as configured, which is not as the release has left it.
      stage.balancer().restart();
      replace(stage, "errors = \"5%\"", "errors = \"50%\"");
      var changed = shell.run("halcyon release");
      assertThat(changed.status()).isEqualTo(2);
      assertThat(changed.err()).contains("HAL-804", "halcyon release --revert");
      replace(stage, "pause = \"400ms\"", "pause = \"60s\"");
      var back = shell.run("halcyon release");
      assertThat(back.status()).describedAs("%s", back).isEqualTo(1);
      assertThat(back.err()).contains("HAL-808", "was set anew by somebody else, or restarted");
    }
  }

  @EngineTest(Engine.MARIADB)
  @Tag("chaos")
  void whatHasStoppedHalfWayIsTakenBack(Database database) throws IOException {
    try (var stage = new ReleaseStage(database, folder)) {
      var shell = Shell.on(database, folder);
      shell.run("halcyon init");
      replace(stage, "pause = \"400ms\"", "pause = \"60s\"");
      var running = CompletableFuture.supplyAsync(() -> shell.run("halcyon release"));
      await(database, "watch.10");
      stage.balancer().kill();
      assertThat(running.join().status()).isEqualTo(2);
      stage.balancer().restart();

      var reverted = shell.run("halcyon release --revert");
      assertThat(reverted.status()).describedAs("%s", reverted).isZero();
      assertThat(reverted.out()).contains("all traffic is on 1.0 again");
    }
  }

  /** Waits until a step has begun. */
  private static void await(Database database, String step) {
    String begun =
        "SELECT COUNT(*) FROM halcyon_release_step WHERE state = 'started' AND step_id = '%s'"
            .formatted(step);
    String made = "SHOW TABLES LIKE 'halcyon\\_release\\_step'";
    while (database.strings(made).isEmpty() || database.value(begun).equals("0")) {
      Thread.onSpinWait();
    }
  }

  private void replace(ReleaseStage stage, String what, String with) throws IOException {
    stage.write("");
    replaceAgain(what, with);
  }

  private void replaceAgain(String what, String with) throws IOException {
    Path file = folder.resolve("release.toml");
    String text = Files.readString(file);
    assertThat(text).contains(what);
    Files.writeString(file, text.replace(what, with));
  }
}
