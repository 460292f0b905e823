package dev.halcyon.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.balancer.Counters;
import dev.halcyon.embedded.HaProxyServer;
import dev.halcyon.rollout.Release.HaProxyAccess;
import dev.halcyon.rollout.Release.Party;
import dev.halcyon.testing.HaProxies;
import dev.halcyon.testing.WebVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real HAProxy before two versions. */
class HaProxyTest {
  private WebVersion old;
  private WebVersion fresh;
  private HaProxyServer server;

  @BeforeEach
  void start() {
    old = WebVersion.start("{\"version\": 1}");
    fresh = WebVersion.start("{\"version\": 2}");
    server =
        HaProxies.start("v1 127.0.0.1:" + old.port(), "v2 127.0.0.1:" + fresh.port() + " disabled");
  }

  @AfterEach
  void stop() {
    old.close();
    fresh.close();
    if (server != null) {
      server.close();
    }
  }

  @Test
  void sharesTrafficAndCountsItByServer() throws IOException, InterruptedException {
    var balancer = balancer(server.socket().toString(), "v2");
    assertThat(balancer.problems()).isEmpty();
    assertThat(balancer.taken()).contains(false);

    balancer.share(0);
    assertThat(balancer.unusable(party("v2"))).isEmpty();
    ask(40);
    assertThat(fresh.requests()).isZero();

    balancer.share(25);
    assertThat(balancer.taken()).contains(true);
    assertThat(balancer.deviation(25)).isEmpty();
    assertThat(balancer.deviation(50)).isPresent();
    fresh.failEvery(5);
    ask(100);
    assertThat(fresh.requests()).isBetween(20L, 30L);
    Counters counters = balancer.counters(party("v2")).orElseThrow();
    assertThat(counters.answers()).isEqualTo(fresh.requests());
    assertThat(counters.failed()).isEqualTo(fresh.requests() / 5);

    balancer.share(100);
    long before = old.requests();
    ask(20);
    assertThat(old.requests()).isEqualTo(before);
    assertThat(balancer.sessions(party("v1"))).hasValue(0);
  }

  @Test
  void drainsAndRetires() throws IOException, InterruptedException {
    var balancer = balancer("127.0.0.1:" + server.runtimePort(), "v2");
    balancer.share(100);
    balancer.drain(party("v1"));
    balancer.retire(party("v1"));
    assertThat(balancer.unusable(party("v1")).orElseThrow()).contains("v1 is MAINT");
    assertThat(balancer.deviation(100).orElseThrow()).contains("v1 is MAINT");
    balancer.share(0);
    assertThat(balancer.unusable(party("v1"))).isEmpty();
    assertThat(ask(10)).isZero();
  }

  @Test
  void aServerThatItDoesNotKnowIsNamedAndNothingIsSet() {
    var balancer = balancer(server.socket().toString(), "v9");
    assertThat(balancer.problems())
        .containsExactly("HAProxy's backend shop has no server v9; it has [v1, v2].");
    assertThatThrownBy(() -> balancer.share(100))
        .isInstanceOf(BalancerException.class)
        .hasMessageContaining("No such server.");
    assertThat(balancer("127.0.0.1:" + server.runtimePort(), "v2").deviation(0).orElseThrow())
        .contains("v1 is no check with weight 1, v2 is MAINT");
  }

  @Test
  void anUnknownBackendIsNamed() {
    var balancer =
        new HaProxy(
            new HaProxyAccess(server.socket().toString(), "nope"), party("v1"), party("v2"));
    assertThatThrownBy(balancer::problems).hasMessageContaining("No such proxy.");
  }

  @Test
  void aSocketThatIsGoneOrFrozenIsAnError() {
    var balancer = balancer(server.socket().toString(), "v2");
    server.signal("STOP");
    assertThatThrownBy(() -> balancer.share(25))
        .isInstanceOf(BalancerException.class)
        .hasMessageContaining("no answer within 3 s");
    server.signal("CONT");
    server.kill();
    assertThatThrownBy(() -> balancer.share(25))
        .isInstanceOf(BalancerException.class)
        .hasMessageContaining("does not answer");
  }

  private static HaProxy balancer(String socket, String newServer) {
    return new HaProxy(new HaProxyAccess(socket, "shop"), party("v1"), party(newServer));
  }

  private static Party party(String server) {
    return new Party(server, List.of(server), null, null, null, null);
  }

  /** How many of the requests, one after the other on one connection, got no answer. */
  private int ask(int times) throws IOException, InterruptedException {
    int unanswered = 0;
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; i < times; i++) {
        var request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port()))
                .timeout(Duration.ofSeconds(10))
                .build();
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() >= 502) {
          unanswered++;
        }
      }
    }
    return unanswered;
  }
}
