package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Refusal;
import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.RemoteTraffic;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody controls the proxy by chance, by guessing, or too late. */
class ControlTest {
  private static final Duration LEASE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @EngineTest
  void badRequestsChangeNothing(Database database) throws Exception {
    Path file = folder.resolve("token");
    try (var proxied = new ProxiedDatabase(database);
        var control = new Controlled(proxied.proxy, file)) {
      var token = Files.readString(file).strip();
      for (var wrong : new String[] {"", "Bearer ", "Bearer " + token + "x", "Basic " + token}) {
        assertThat(post(control, "/hold", wrong, "{\"leaseMs\":1000}").statusCode()).isEqualTo(401);
        assertThat(post(control, "/metrics", wrong, "").statusCode()).isEqualTo(401);
      }
      var right = "Bearer " + token;
      for (var wrong :
          new String[] {
            "",
            "{",
            "[]",
            "7",
            "null",
            "{}",
            "{\"leaseMs\":\"1\"}",
            "{\"leaseMs\":-1}",
            "{\"leaseMs\":0}",
            "{\"leaseMs\":1.5}",
            "{\"leaseMs\":1e99}",
            "{\"leaseMs\":99999999999}",
            "{\"leaseMs\":1000,\"more\":1}",
            "{\"leaseMs\":1000} x".repeat(9000),
            "{\"leaseMs\":" + "[".repeat(2000)
          }) {
        var response = post(control, "/hold", right, wrong);
        assertThat(response.statusCode()).as(wrong).isEqualTo(400);
        assertThat(response.body()).contains("HAL-711").doesNotContain("Exception");
      }
      assertThat(post(control, "/nothing", right, "").statusCode()).isEqualTo(404);
      assertThat(post(control, "/release", right, "{\"hold\":\"x\"}").statusCode()).isIn(200, 400);
      assertThat(
              post(control, "/repoint", right, "{\"server\":\"b\",\"policy\":\"ALL\"}")
                  .statusCode())
          .isEqualTo(400);
      assertThat(proxied.proxy.status().held()).isFalse();
    }
  }

  /** As when the proxy was frozen when it was asked. */
  @EngineTest
  void whatNobodyWaitsForAnyMoreIsNotDone(Database database) throws Exception {
    Path file = folder.resolve("token");
    try (var proxied = new ProxiedDatabase(database);
        var control = new Controlled(proxied.proxy, file)) {
      var right = "Bearer " + Files.readString(file).strip();
      long now = System.currentTimeMillis();
      var late = post(control, "/hold", right, "{\"leaseMs\":60000}", now - 1);
      assertThat(late.statusCode()).isEqualTo(409);
      assertThat(late.body()).contains("HAL-706").contains("too late");
      assertThat(proxied.proxy.status().held()).isFalse();
      assertThat(post(control, "/hold", right, "{\"leaseMs\":60000}", now + 60_000).statusCode())
          .isEqualTo(200);
      assertThat(proxied.proxy.status().held()).isTrue();
      proxied.proxy.release();
    }
  }

  /** As when a controller was frozen while its lease ended. */
  @EngineTest
  void whoComesLateDoesNotDisturbTheNext(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var control = new Controlled(proxied.proxy, folder.resolve("token"));
        var client = new ControlClient(control.address(), control.token())) {
      proxied.leaseEnd = () -> Decision.RELEASE;
      var late = new RemoteTraffic(client);
      late.hold(Duration.ofMillis(20));
      proxied.awaitReleased();
      var next = new RemoteTraffic(client);
      next.hold(LEASE);

      assertThatThrownBy(late::release).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> late.renew(LEASE)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> late.repoint("a", Traffic.Immovable.CLOSE, LEASE))
          .isInstanceOf(IllegalStateException.class);
      assertThat(late.awaitDrained(Duration.ofMillis(1))).isFalse();
      assertThat(next.status().held()).isTrue();
      new RemoteTraffic(client).release();
      assertThat(next.status().held()).isFalse();
      next.release();
      late.release();
    }
  }

  @Test
  void tokenIsForItsOwnerOnly() throws IOException {
    Path file = folder.resolve("token");
    ControlToken.provide(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String before = Files.readString(file);
    var token = ControlToken.provide(file);
    assertThat(Files.readString(file)).isEqualTo(before);
    assertThat(token.toString()).doesNotContain(before.strip());

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> ControlToken.read(file))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("HAL-702");
    Files.delete(file);
    assertThatThrownBy(() -> ControlToken.read(file)).isInstanceOf(Refusal.class);
  }

  private static HttpResponse<String> post(
      Controlled control, String path, String authorization, String body) throws Exception {
    return post(control, path, authorization, body, Long.MAX_VALUE);
  }

  private static HttpResponse<String> post(
      Controlled control, String path, String authorization, String body, long deadline)
      throws Exception {
    var uri = URI.create("http://127.0.0.1:" + control.address().getPort() + path);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri)
              .header("Authorization", authorization)
              .header("Halcyon-Deadline", Long.toString(deadline))
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
