package dev.halcyon.cli;

import picocli.CommandLine.Command;

/** {@code halcyon pair}. */
@Command(
    name = "pair",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PairInitCommand.class,
      PairCheckCommand.class,
      PairPlanCommand.class,
      PairExpandCommand.class,
      PairSwitchCommand.class,
      PairFunnelCommand.class,
      PairFinishCommand.class,
      PairStatusCommand.class,
      PairAbortCommand.class
    },
    description = "Changes the schema on the passive server of a pair and switches over to it.")
final class PairCommand {}
