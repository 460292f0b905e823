package dev.halcyon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code halcyon expand}. */
@Command(
    name = "expand",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the new shape beside the old one, keeps both in sync, fills it and verifies every row.",
      "Old and new application work from then on. An interrupted run goes on by the same command."
    })
final class ExpandCommand implements Action {
  @Mixin private VersionsArgument argument = new VersionsArgument();

  @Option(
      names = "--out-of-order",
      description = "Allow a change that is older than one already applied.")
  private boolean outOfOrder;

  @Override
  public Answer act(Invocation invocation) {
    return Workplace.run(
        invocation, deployment -> Answer.of(deployment.expand(argument.versions(), outOfOrder)));
  }
}
