package dev.halcyon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What something cost: wall time, the server's and the program's processor time in seconds, and the
 * most memory that the program had, in megabytes.
 */
record Usage(double wall, double server, double program, long memory) {
  private static final double TICKS = 100;

  /** Does it, and looks at the processes before and after. */
  static Usage of(long serverProcess, Work work) throws IOException, InterruptedException {
    var server = processor(serverProcess, 11);
    var program = processor(ProcessHandle.current().pid(), 13);
    var start = System.nanoTime();
    var memory = work.run();
    return new Usage(
        (System.nanoTime() - start) / 1e9,
        processor(serverProcess, 11) - server,
        processor(ProcessHandle.current().pid(), 13) - program,
        memory);
  }

  /** Something that is measured; gives the most memory that its process had, in megabytes. */
  interface Work {
    long run() throws IOException, InterruptedException;
  }

  /** Starts a process, waits for its end, and says what it wrote. */
  static String await(ProcessBuilder builder, long[] memory)
      throws IOException, InterruptedException {
    var process = builder.start();
    var watching =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    while (process.isAlive()) {
                      memory[0] = Math.max(memory[0], megabytes(process.pid(), "VmHWM"));
                      Thread.sleep(100);
                    }
                  } catch (InterruptedException interruption) {
                    Thread.currentThread().interrupt();
                  }
                });
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var status = process.waitFor();
    watching.join();
    return status + ": " + said.strip();
  }

  /**
   * A line of a process's status.
   *
   * @return 0 when it has just ended
   */
  static long megabytes(long process, String field) {
    try (var lines = Files.lines(Path.of("/proc/" + process + "/status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException ended) {
      return 0;
    }
  }

  /**
   * @param from the place of its user time; that of its children stands two places on
   */
  private static double processor(long process, int from) throws IOException {
    var stat = Files.readString(Path.of("/proc/" + process + "/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[from]) + Long.parseLong(fields[from + 1])) / TICKS;
  }

  @Override
  public String toString() {
    var own = memory == 0 ? "" : ", program %.1f s, %d MB".formatted(program, memory);
    return "%.1f s (server %.1f s%s)".formatted(wall, server, own);
  }
}
