package dev.halcyon.balancer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Command lines of people, run by {@code sh} in a folder. */
public record ShellCommand(Path folder) {
  private static final int WORDS = 600;

  /**
   * How a command ended.
   *
   * @param status 124 if it took too long, as timeout(1) has it
   * @param output both streams, the last part of it
   */
  public record End(int status, String output) {
    private static final int LATE = 124;

    public boolean good() {
      return status == 0;
    }

    /** Whether it was ended because it took too long, or says so itself. */
    public boolean late() {
      return status == LATE;
    }

    public String words(Duration timeout) {
      String how = status == LATE ? "not ended after " + timeout.toMillis() + " ms" : "" + status;
      return "status " + how + (output.isBlank() ? "" : ": " + output.strip());
    }
  }

  /**
   * Runs one line to its end. A command that goes on in the background is left alone.
   *
   * @param environment beside that of this process
   */
  public End run(String line, Map<String, String> environment, Duration timeout) {
    try {
      // A file, because what stays in the background would keep a pipe open.
      Path output = Files.createTempFile("halcyon-command-", ".log");
      try {
        return run(line, environment, timeout, output);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot run " + line, failure);
    }
  }

  private End run(String line, Map<String, String> environment, Duration timeout, Path output)
      throws IOException {
    var builder =
        new ProcessBuilder(List.of("sh", "-c", line))
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().remove("HALCYON_PASSWORD");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return new End(process.exitValue(), last(output));
      }
      end(process);
      return new End(End.LATE, last(output));
    } catch (InterruptedException interruption) {
      end(process);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + line, interruption);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String last(Path output) throws IOException {
    // A byte that is no UTF-8 must not hide the words.
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    return text.substring(Math.max(0, text.length() - WORDS));
  }
}
