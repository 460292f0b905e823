package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int STATEMENTS = 50;

  @TempDir private Path folder;

  @EngineTest
  void whatPassesIsCounted(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var control = new Controlled(proxied.proxy, folder.resolve("token"));
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      var before = proxied.proxy.meter();
      for (int i = 0; i < STATEMENTS; i++) {
        statement.executeQuery("SELECT REPEAT('x', 1000)").close();
      }
      statement.execute("DO SLEEP(0.1)");
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      proxied.proxy.release();
      assertThatThrownBy(() -> proxied.connect(new Account("nobody", "wrong"), "").close())
          .isInstanceOf(SQLException.class);

      var after = proxied.proxy.meter();
      assertThat(count(after.statements()) - count(before.statements())).isEqualTo(STATEMENTS + 1);
      assertThat(after.statements().nanos() - before.statements().nanos())
          .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
      assertThat(after.fromServers() - before.fromServers()).isGreaterThan(STATEMENTS * 1000L);
      assertThat(after.fromClients() - before.fromClients())
          .isBetween(STATEMENTS * 24L, STATEMENTS * 100L);
      assertThat(count(after.holds())).isEqualTo(1);
      assertThat(after.loginsFailed()).isEqualTo(1);
      assertThat(after.sessions()).isEqualTo(1);
      assertThat(metrics(control))
          .contains("halcyon_proxy_sessions 1\n")
          .contains("halcyon_proxy_held 0\n")
          .contains("halcyon_proxy_logins_failed_total 1\n")
          .contains("halcyon_proxy_hold_seconds_count 1\n")
          .contains("halcyon_proxy_statement_seconds_bucket{le=\"+Inf\"} ")
          .matches("(?s)(# (HELP|TYPE) [a-z_]+ [^\n]+\n|[a-z_]+(\\{le=\"[^\"]+\"})? [0-9.]+\n)+");
    }
  }

  @Test
  void durationsFallIntoTheirBuckets() {
    var counts = new DurationCounts();
    long[] durations = {0, 1, DurationCounts.bound(0), DurationCounts.bound(0) + 1, 1L << 30};
    for (long duration : durations) {
      counts.add(duration);
    }
    counts.add(Long.MAX_VALUE / 2);
    var histogram = counts.histogram();

    assertThat(histogram.counts().getFirst()).isEqualTo(3);
    assertThat(histogram.counts().get(1)).isEqualTo(1);
    assertThat(histogram.counts().get(16)).isEqualTo(1);
    assertThat(histogram.bound(16)).isEqualTo((1L << 30) / 1e9);
    assertThat(histogram.counts().getLast()).isEqualTo(1);
    assertThat(histogram.bound(histogram.counts().size() - 1)).isInfinite();
  }

  /** Any number of commands may be under way, and answers may come in between. */
  @Test
  void commandsAreTimedInTurn() {
    var clock = new AtomicLong();
    var counts = new DurationCounts();
    var stopwatch = new Stopwatch(clock::get, counts);
    long sum = 0;
    for (int round = 1; round < 20; round++) {
      for (int i = 0; i < round; i++) {
        clock.incrementAndGet();
        stopwatch.begin();
      }
      assertThat(stopwatch.running()).isEqualTo(Duration.ofNanos(round - 1));
      for (int i = 0; i < round; i++) {
        stopwatch.end(true);
        sum += round - 1 - i;
      }
      stopwatch.begin();
      clock.addAndGet(1000);
      stopwatch.end(false);
    }
    assertThat(counts.histogram().nanos()).isEqualTo(sum);
    assertThat(stopwatch.running()).isZero();
  }

  private static long count(MeterReading.Histogram histogram) {
    return histogram.counts().stream().mapToLong(Long::longValue).sum();
  }

  private String metrics(Controlled control) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + control.address().getPort() + "/metrics");
    var token = Files.readString(folder.resolve("token")).strip();
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
