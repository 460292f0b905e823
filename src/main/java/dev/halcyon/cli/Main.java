package dev.halcyon.cli;

import java.nio.file.Path;
import java.util.List;

/** The program's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Console console = Console.ofProcess();
    // The one question that needs no parser: picocli's classes are of a format (Java 5) that no
    // class-data archive takes, and loading and verifying them costs thrice an empty start.
    if (List.of(arguments).equals(List.of("--version"))) {
      console.out().println(ProgramVersion.line());
      return;
    }
    System.exit(new Runner(console, System.getenv(), Path.of("")).run(arguments));
  }
}
