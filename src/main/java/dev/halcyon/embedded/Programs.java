package dev.halcyon.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that run to their end. */
final class Programs {
  private static final long PATIENCE_SECONDS = 120;

  private Programs() {}

  /**
   * Runs a program in a folder and gives its output.
   *
   * @throws ServerException if it ends with another status than 0, with the last lines it wrote
   */
  static String run(
      List<String> command, Map<String, String> environment, Path folder, String input)
      throws IOException {
    var output = Files.createTempFile("halcyon-output-", ".log");
    var given = Files.createTempFile("halcyon-input-", ".sql");
    try {
      Files.writeString(given, input);
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(given.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new ServerException(
              command.getFirst()
                  + " did not end within "
                  + PATIENCE_SECONDS
                  + " s:\n"
                  + lastLines(output));
        }
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw new ServerException("Interrupted while " + command.getFirst() + " ran", interruption);
      } finally {
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw new ServerException(
            command.getFirst()
                + " ended with status "
                + process.exitValue()
                + ":\n"
                + lastLines(output));
      }
      return Files.readString(output, StandardCharsets.ISO_8859_1);
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(given);
    }
  }

  /** The last lines of a log, for an error message. */
  static String lastLines(Path log) {
    try {
      // A byte that is no UTF-8 must not hide the server's words.
      var lines = Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException failure) {
      return "(the log cannot be read: " + failure.getMessage() + ")";
    }
  }
}
