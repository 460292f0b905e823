package dev.halcyon.cli;

import dev.halcyon.demo.Demo;
import dev.halcyon.demo.DemoSettings;
import dev.halcyon.demo.ServerArchive;
import picocli.CommandLine.Command;

/** {@code halcyon demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    subcommands = {DemoReleaseCommand.class, DemoPairCommand.class},
    description = {
      "Shows a change from expand to contract under load, with a database server of its own.",
      "Two versions of an application write all the while, and every read is checked."
    })
final class DemoCommand implements Action {
  /** The clients choose what to do by it. */
  private static final long SEED = 2013;

  @Override
  public Answer act(Invocation invocation) {
    var report =
        Demo.run(
            DemoSettings.full(
                ServerArchive.find(), SEED, invocation.events(), invocation.stop()::requested));
    return new Answer(report.status(), report.text(), "", report.fields());
  }
}
