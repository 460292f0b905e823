package dev.halcyon.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Typical starts, run once after a build so that the JDK can record in a class-data archive what
 * they load. No server is needed: nothing listens on port 1.
 */
public final class Training {
  private Training() {}

  public static void main(String[] arguments) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    var environment =
        Map.of(
            Setting.URL.variable(), "jdbc:mariadb://127.0.0.1:1/none",
            Setting.USER.variable(), "nobody");
    var runner = new Runner(new Console(nowhere, nowhere, 0), environment, Path.of(""));
    Main.main(new String[] {"--version"});
    runner.run("--help");
    runner.run("status");
    runner.run("status", "--json");
    runner.run("plan", "--help");
  }
}
