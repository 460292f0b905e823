package dev.halcyon.cli;

import picocli.CommandLine.Command;

/** {@code halcyon proxy}. */
@Command(
    name = "proxy",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ProxyRunCommand.class,
      ProxyStatusCommand.class,
      ProxyHoldCommand.class,
      ProxyRepointCommand.class,
      ProxyReleaseCommand.class,
      ProxyStopCommand.class
    },
    description = "Stands between applications and servers, and holds clients for a switchover.")
final class ProxyCommand {}
