package dev.halcyon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the program in a process of its own, to be killed or frozen. */
record Child(Process process, Path printed) implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  /** Its bit in a mask of signals. */
  private static final long INTERRUPT = 2;

  /**
   * @param arguments without the program's name
   */
  static Child start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    var printed = Files.createTempFile(folder, "child-", ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    builder.environment().putAll(environment);
    return new Child(builder.start(), printed);
  }

  /** SIGKILL, SIGSTOP, SIGCONT. */
  void signal(String name) throws IOException, InterruptedException {
    signal(name, process.pid());
  }

  /** As Ctrl-C does. What was started in the background ignores that, and so do its children. */
  void interrupt() throws IOException, InterruptedException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      var ignored =
          lines
              .filter(line -> line.startsWith("SigIgn:"))
              .anyMatch(
                  line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & INTERRUPT) != 0);
      signal(ignored ? "TERM" : "INT");
    }
  }

  static void signal(String name, long pid) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("SIG" + name + " cannot be sent to " + pid);
    }
  }

  /** Waits for its end, and gives its exit status. */
  int awaitEnd() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("does not end: " + text());
    }
    return process.exitValue();
  }

  String text() throws IOException {
    return Files.readString(printed);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
