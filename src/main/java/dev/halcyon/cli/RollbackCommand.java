package dev.halcyon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code halcyon rollback}. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Undoes an open expansion, newest first. The new application must be gone.",
      "What it wrote into old columns through the sync stays."
    })
final class RollbackCommand implements Action {
  @Mixin private VersionsArgument argument = new VersionsArgument();

  @Option(names = "--discard", description = "Give up rows that exist in the new shape only.")
  private boolean discard;

  @Override
  public Answer act(Invocation invocation) {
    return Workplace.run(
        invocation, deployment -> Answer.of(deployment.rollback(argument.versions(), discard)));
  }
}
