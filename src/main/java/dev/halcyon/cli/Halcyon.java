package dev.halcyon.cli;

import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program itself, with what every command takes. */
@Command(
    name = "halcyon",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Changes the schema of a running MySQL or MariaDB database without a failed query.",
    footer = {
      "",
      "Exit status: 0 done; 1 findings or a mismatch; 2 failed; 3 a gate is closed;",
      "4 another run holds the lease; 64 usage; 78 settings."
    })
final class Halcyon {
  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON object a line: events, and the outcome last.")
  private boolean json;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean debug;

  @Option(
      names = "--ask-password",
      scope = ScopeType.INHERIT,
      description = "Ask for the password on the terminal.")
  private boolean askPassword;

  /** The settings that were given as flags. */
  Map<Setting, String> flags() {
    return flags;
  }

  boolean json() {
    return json;
  }

  boolean debug() {
    return debug;
  }

  boolean asksPassword() {
    return askPassword;
  }
}
