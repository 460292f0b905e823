package dev.halcyon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code halcyon verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compares every row of an open window, from the old shape to the new one and back.",
      "Exit status 1 if rows differ; the keys of the first ones are shown."
    })
final class VerifyCommand implements Action {
  @Mixin private VersionsArgument argument = new VersionsArgument();

  @Override
  public Answer act(Invocation invocation) {
    return Workplace.run(
        invocation, deployment -> Answer.of(deployment.verify(argument.versions())));
  }
}
