package dev.halcyon.cli;

import dev.halcyon.model.Version;
import dev.halcyon.pair.Expansion;
import dev.halcyon.pair.judge.Mode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code halcyon pair expand}. */
@Command(
    name = "expand",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a change on the passive server, as it is written and out of the binary log. First it",
      "does what plan does, and refuses a change that replication would not survive."
    })
final class PairExpandCommand implements Action {
  @Parameters(paramLabel = "VERSION", description = "The change, such as V12 or 12.")
  private Version version = Version.parse("1");

  @Option(
      names = "--logged",
      description = {
        "In the binary log. Rows need not pass back: the other server applies nothing of the",
        "changed one until pair finish, so until then there is no way back after a switchover."
      })
  private boolean logged;

  @Override
  public Answer act(Invocation invocation) {
    return PairChange.run(
        invocation, version, logged ? Mode.LOGGED : Mode.UNLOGGED, Expansion::expand);
  }
}
