package dev.halcyon.cli;

import dev.halcyon.demo.DemoSettings;
import dev.halcyon.demo.ReleaseDemo;
import dev.halcyon.demo.ServerArchive;
import dev.halcyon.embedded.HaProxyServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code halcyon demo release}. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description = {
      "Shows releases of a small web application under load: one that its smoke tests stop, one",
      "that the watch takes back, and a good one; behind HAProxy if it is installed."
    })
final class DemoReleaseCommand implements Action {
  private static final long SEED = 2013;
  private static final int USERS = 1_000;
  private static final int CLIENTS = 8;
  private static final Duration PACE = Duration.ofMillis(20);

  @Option(names = "--without-haproxy", description = "Use the demo's own switch in any case.")
  private boolean withoutHaproxy;

  @Override
  public Answer act(Invocation invocation) {
    var settings =
        new DemoSettings(
            ServerArchive.find(),
            USERS,
            CLIENTS,
            PACE,
            Duration.ZERO,
            Duration.ZERO,
            SEED,
            invocation.events(),
            invocation.stop()::requested);
    Optional<Path> haproxy = withoutHaproxy ? Optional.empty() : HaProxyServer.program();
    var report = ReleaseDemo.run(settings, haproxy, commands(invocation.console()));
    return new Answer(report.status(), report.text(), "", report.fields());
  }

  /** The program itself; what it prints is part of the show, not its result. */
  private static ReleaseDemo.CommandLine commands(Console console) {
    var show = new Console(console.err(), console.err(), console.columns());
    return (Path folder, Map<String, String> environment, String... words) ->
        new Runner(show, environment, folder).run(words);
  }
}
