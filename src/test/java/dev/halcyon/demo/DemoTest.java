package dev.halcyon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.deploy.StopSignal;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The whole story in a few seconds, with its own server. */
class DemoTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @EngineTest(Engine.MARIADB)
  void nothingFailsNothingIsLostAndNothingDiffers() {
    var before = children();
    var events = new CopyOnWriteArrayList<Event>();

    var report = Demo.run(settings(events::add, () -> false));

    assertThat(report.words()).isEmpty();
    assertThat(report.status()).describedAs(report.text()).isEqualTo(ExitStatus.DONE);
    assertThat(report.plain()).isTrue();
    assertThat(report.acts())
        .extracting(Event.ActFinished::act)
        .containsExactly(
            "old-alone",
            "init",
            "plan",
            "expand",
            "side-by-side",
            "verify",
            "new-alone",
            "roll-back",
            "roll-forward",
            "contract",
            "after");
    assertThat(report.acts()).allMatch(act -> act.statements() > 0);
    assertThat(report.addresses()).isPositive();
    assertThat(report.fields())
        .containsEntry("failed", 0L)
        .containsEntry("lost", 0L)
        .containsEntry("mismatches", 0L)
        .containsKeys("statements", "deadlocksRetried", "longestStallMs", "phases");
    assertThat(events).anyMatch(event -> event instanceof Event.StepFinished);
    assertAllEnd(before);
  }

  /** As if somebody had meddled with the schema and the rows. */
  @EngineTest(Engine.MARIADB)
  void itFindsThatTriggersAndUsersAreGone() {
    var address = new AtomicReference<>("");
    Events events =
        event -> {
          switch (event) {
            case Event.Note(var text) when text.contains("127.0.0.1:") ->
                address.set(text.replaceFirst("(?s).*(127\\.0\\.0\\.1:\\d+).*", "$1"));
            case Event.ActStarted(var act, var _) when act.equals("side-by-side") ->
                meddle(address.get());
            default -> {}
          }
        };

    var report = Demo.run(settings(events, () -> false));

    assertThat(report.status()).isEqualTo(ExitStatus.FINDINGS);
    assertThat(report.mismatches()).isPositive();
    assertThat(report.lost()).isPositive();
    assertThat(report.words()).isNotEmpty();
  }

  private static void meddle(String address) {
    var settings =
        new ConnectionSettings(
            "jdbc:mariadb://" + address + "/demo?sslMode=disable", "root", "halcyon");
    try (var session = Server.connect(settings).open("meddler")) {
      session
          .query(
              "SELECT trigger_name AS name FROM information_schema.triggers"
                  + " WHERE trigger_schema = 'demo'")
          .forEach(row -> session.execute("DROP TRIGGER demo." + row.string("name")));
      session.update("DELETE FROM users WHERE id BETWEEN 100 AND 120");
    }
  }

  @EngineTest(Engine.MARIADB)
  void stoppedOnRequestItLeavesNothing() {
    var before = children();
    var stop = new AtomicBoolean();
    Events events =
        event -> {
          if (event instanceof Event.ActFinished) {
            stop.set(true);
          }
        };

    assertThatThrownBy(() -> Demo.run(settings(events, stop::get)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STOPPED));
    assertAllEnd(before);
  }

  @Test
  void whateverIsNotZeroIsAFinding() {
    assertThat(report(0, 0, 0).status()).isEqualTo(ExitStatus.DONE);
    assertThat(report(1, 0, 0).status()).isEqualTo(ExitStatus.FINDINGS);
    assertThat(report(0, 1, 0).status()).isEqualTo(ExitStatus.FINDINGS);
    assertThat(report(0, 0, 1).status()).isEqualTo(ExitStatus.FINDINGS);
    assertThat(report(1, 2, 3).text()).contains("1 failed, 3 lost, 2 mismatches");
  }

  private static DemoReport report(long failed, long mismatches, long lost) {
    var act =
        new Event.ActFinished(
            "act", Duration.ofSeconds(1), 10, failed, mismatches, 7, Duration.ofMillis(5));
    return new DemoReport(List.of(act), lost, 1, 1, true, List.of());
  }

  private static DemoSettings settings(Events events, StopSignal stop) {
    return new DemoSettings(
        Servers.distribution(Engine.MARIADB),
        300,
        6,
        Duration.ofMillis(10),
        Duration.ofMillis(300),
        Duration.ofSeconds(30),
        1,
        events,
        stop);
  }

  /** The server ends with the demo; what watches over it may take a moment longer. */
  private static void assertAllEnd(Set<ProcessHandle> before) {
    var others = children();
    others.removeAll(before);
    assertThat(others).allSatisfy(other -> assertThat(other.onExit()).succeedsWithin(PATIENCE));
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toCollection(HashSet::new));
  }
}
