package dev.halcyon.cli;

import dev.halcyon.demo.DemoSettings;
import dev.halcyon.demo.PairDemo;
import dev.halcyon.demo.ServerArchive;
import java.time.Duration;
import picocli.CommandLine.Command;

/** {@code halcyon demo pair}. */
@Command(
    name = "pair",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a change that only copying the table makes, on the passive server of a pair first: two",
      "servers in circular replication, the proxy before them, and 32 clients that are led from one",
      "to the other, back, and forward again."
    })
final class DemoPairCommand implements Action {
  private static final long SEED = 2013;
  private static final int ORDERS = 50_000;
  private static final int CLIENTS = 32;
  private static final Duration PACE = Duration.ofMillis(120);
  private static final Duration SCENE = Duration.ofSeconds(10);

  @Override
  public Answer act(Invocation invocation) {
    var report =
        PairDemo.run(
            new DemoSettings(
                ServerArchive.find(),
                ORDERS,
                CLIENTS,
                PACE,
                SCENE,
                Duration.ZERO,
                SEED,
                invocation.events(),
                invocation.stop()::requested));
    return new Answer(report.status(), report.text(), "", report.fields());
  }
}
