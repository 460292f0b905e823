package dev.halcyon.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code halcyon contract}. */
@Command(
    name = "contract",
    mixinStandardHelpOptions = true,
    description = {
      "Drops the old shape, by the plan that was stored when the change was expanded.",
      "The old application must be gone. Exit status 3 while a gate is closed."
    })
final class ContractCommand implements Action {
  @Mixin private VersionsArgument argument = new VersionsArgument();

  @Option(
      names = "--override-gate",
      paramLabel = "<reason>",
      description = "Pass closed gates; the reason is kept in the journal.")
  private @Nullable String reason;

  @Override
  public Answer act(Invocation invocation) {
    return Workplace.run(
        invocation, deployment -> Answer.of(deployment.contract(argument.versions(), reason)));
  }
}
