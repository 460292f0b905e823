package dev.halcyon.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class ProgramVersion implements IVersionProvider {
  static String line() {
    String built = ProgramVersion.class.getPackage().getImplementationVersion();
    return "halcyon " + Objects.requireNonNullElse(built, "(not built)");
  }

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }
}
