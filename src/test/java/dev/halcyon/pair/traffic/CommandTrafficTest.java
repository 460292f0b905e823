package dev.halcyon.pair.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import dev.halcyon.proxy.Traffic.Immovable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands whose state stands in files. */
class CommandTrafficTest {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final String STATUS =
      "echo server=$(cat server) held=$(test -e held && echo yes || echo no)"
          + " sessions=$(cat sessions)";

  @TempDir private Path folder;

  @BeforeEach
  void clientsAreAtWest() throws IOException {
    write("server", "west");
    write("sessions", "0");
  }

  @Test
  void clientsAreHeldLedAndReleased() throws Exception {
    var traffic = traffic("echo $HALCYON_SERVER $HALCYON_LEASE_MS > held", null, STATUS);
    assertThat(traffic.status().server()).isEqualTo("west");
    assertThat(traffic.status().held()).isFalse();
    assertThatThrownBy(() -> traffic.renew(LEASE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> traffic.repoint("east", Immovable.CLOSE, PATIENCE))
        .isInstanceOf(IllegalStateException.class);
    assertThat(traffic.awaitDrained(SHORT)).isFalse();
    assertThatThrownBy(() -> traffic.prepare("north", PATIENCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(traffic.prepare("east", PATIENCE).complete()).isTrue();

    traffic.hold(LEASE);
    assertThat(Files.readString(folder.resolve("held")).strip()).isEqualTo("west 10000");
    assertThatThrownBy(() -> traffic.hold(LEASE)).isInstanceOf(IllegalStateException.class);
    traffic.renew(LEASE);
    assertThat(traffic.awaitDrained(PATIENCE)).isTrue();
    assertThat(traffic.status().drained()).isTrue();
    assertThat(traffic.status().allHeldFor()).isPositive();
    assertThat(traffic.repoint("east", Immovable.CLOSE, PATIENCE).complete()).isTrue();
    traffic.release();
    assertThat(traffic.status().server()).isEqualTo("east");
    assertThat(traffic.status().held()).isFalse();
  }

  @Test
  void whoStillWorksIsWaitedForOrEnded() throws Exception {
    write("sessions", "2");
    var waiting = traffic("touch held", null, STATUS);
    waiting.hold(LEASE);
    assertThat(waiting.awaitDrained(SHORT)).isFalse();
    assertThat(waiting.closeStragglers(SHORT)).isFalse();
    assertThat(waiting.status().stragglers()).hasSize(2);
    assertThatThrownBy(() -> waiting.repoint("east", Immovable.CLOSE, PATIENCE))
        .isInstanceOf(IllegalStateException.class);
    waiting.release();

    var ending = traffic("touch held", "echo 0 > sessions", STATUS);
    ending.hold(LEASE);
    assertThat(ending.closeStragglers(PATIENCE)).isTrue();
  }

  @Test
  void whatACommandSaysIsNotBelievedAlone() {
    assertRefused(
        ErrorCode.TRAFFIC_REFUSED,
        "says that clients are not held",
        () -> traffic("true", null, STATUS).hold(LEASE));
    assertRefused(
        ErrorCode.TRAFFIC_REFUSED,
        "\"echo west\" prints \"west\"",
        () -> traffic("true", null, "echo west").status());
    assertRefused(
        ErrorCode.TRAFFIC_REFUSED,
        "prints \"server=north held=no\"",
        () -> traffic("true", null, "echo server=north held=no").status());
  }

  @Test
  void aCommandThatFailsOrTakesTooLongIsNamed() {
    assertRefused(
        ErrorCode.TRAFFIC_REFUSED,
        "\"echo no such host; exit 3\" ended with status 3: no such host",
        () -> traffic("echo no such host; exit 3", null, STATUS).hold(LEASE));
    assertRefused(
        ErrorCode.TRAFFIC_SILENT,
        "status not ended after 200 ms",
        () -> traffic("true", null, "sleep 60", Duration.ofMillis(200)).status());
  }

  private CommandTraffic traffic(String hold, @Nullable String close, String status) {
    return traffic(hold, close, status, PATIENCE);
  }

  private CommandTraffic traffic(
      String hold, @Nullable String close, String status, Duration timeout) {
    return new CommandTraffic(
        new TrafficCommands(
            folder, hold, "echo $HALCYON_SERVER > server", "rm held", status, close, timeout),
        new Pair(member("west"), member("east")));
  }

  private static Member member(String name) {
    return new Member(
        name, new ConnectionSettings("jdbc:mariadb://127.0.0.1:1/none", "nobody", null));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text + "\n");
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.findings().getFirst().code()).isEqualTo(code.code());
              assertThat(refusal.findings().getFirst().message()).contains(words);
            });
  }
}
