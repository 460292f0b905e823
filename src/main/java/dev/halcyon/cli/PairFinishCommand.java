package dev.halcyon.cli;

import dev.halcyon.model.Version;
import dev.halcyon.pair.Expansion;
import dev.halcyon.pair.judge.Mode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code halcyon pair finish}. */
@Command(
    name = "finish",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the change that the active server has since its expansion on the other one, too, as it",
      "is written and out of the binary log. Both have it then, and the version tables say so."
    })
final class PairFinishCommand implements Action {
  @Parameters(paramLabel = "VERSION", description = "The change, such as V12 or 12.")
  private Version version = Version.parse("1");

  @Override
  public Answer act(Invocation invocation) {
    return PairChange.run(invocation, version, Mode.UNLOGGED, Expansion::finish);
  }
}
