package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.demo.DemoSettings;
import dev.halcyon.demo.ReleaseDemo;
import dev.halcyon.demo.ReleaseReport;
import dev.halcyon.embedded.HaProxyServer;
import dev.halcyon.model.Engine;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.HaProxies;
import dev.halcyon.testing.Servers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** {@code halcyon demo release}: its own servers, its own users, the real commands. */
class ReleaseDemoTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @EngineTest(Engine.MARIADB)
  void behindHaProxy() {
    var program = HaProxyServer.program();
    if (program.isEmpty()) {
      var _ = HaProxies.start();
    }
    check(run(program), "HAProxy");
  }

  @EngineTest(Engine.MARIADB)
  @Tag("chaos")
  void behindItsOwnSwitch() {
    check(run(Optional.empty()), "switch of the demo's own");
  }

  private void check(ReleaseReport report, String balancer) {
    assertThat(report.complaints())
        .describedAs("%s%n%s", report.text(), printed.toString(StandardCharsets.UTF_8))
        .isEmpty();
    assertThat(report.balancer()).contains(balancer);
    assertThat(report.acts())
        .extracting(ReleaseReport.Act::name)
        .containsExactly("before", "init", "blind", "flaky", "good", "contract", "after");
    assertThat(report.acts()).allMatch(act -> act.wrong() == 0);
    assertThat(report.acts()).filteredOn(act -> act.failed() > 0).hasSize(1);
    // A tenth of the traffic, a tenth of it bad, until 20 answers are there.
    var flaky = report.acts().get(3);
    assertThat(flaky.failed()).isBetween(1L, report.most(flaky).orElseThrow());
    assertThat(report.text()).contains("at most");
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("HAL-807", "HAL-808");
    assertThat(report.users()).isEqualTo(report.addresses() + 60);
  }

  private ReleaseReport run(Optional<Path> haproxy) {
    var settings =
        new DemoSettings(
            Servers.distribution(Engine.MARIADB),
            300,
            6,
            Duration.ofMillis(15),
            Duration.ZERO,
            Duration.ZERO,
            1,
            Events.NONE,
            () -> false);
    var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return ReleaseDemo.run(
        settings,
        haproxy,
        (folder, environment, words) ->
            new Runner(new Console(out, out, 0), environment, folder).run(words));
  }
}
