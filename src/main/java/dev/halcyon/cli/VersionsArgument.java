package dev.halcyon.cli;

import dev.halcyon.model.Version;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The versions that a command is to work on. */
final class VersionsArgument {
  @Parameters(
      paramLabel = "VERSION",
      arity = "0..*",
      description = "The changes to work on, such as V11 or 11; none: all that are due.")
  private List<Version> versions = List.of();

  List<Version> versions() {
    return List.copyOf(versions);
  }
}
