package dev.halcyon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of sysbench against one table.
 *
 * @param prepared whether statements are prepared once, or sent as text each time
 */
record Sysbench(String script, String user, String password, String schema, boolean prepared) {
  static final String POINT_SELECT = "oltp_point_select";
  static final String READ_WRITE = "oltp_read_write";
  private static final int ROWS = 100_000;
  private static final Pattern TRANSACTIONS =
      Pattern.compile("transactions:\\s+\\d+\\s+\\((\\S+) per sec");
  private static final Pattern MEDIAN = Pattern.compile("50th percentile:\\s+(\\S+)");
  private static final Pattern ERRORS = Pattern.compile("ignored errors:\\s+(\\d+)");

  /** What one run came to. */
  record Result(double perSecond, double medianMillis) {}

  /** Of one transaction, BEGIN and COMMIT included. */
  int statements() {
    return script.equals(READ_WRITE) ? 20 : 1;
  }

  /** Makes the table. */
  void prepare(int port) throws IOException, InterruptedException {
    call(port, List.of("prepare"));
  }

  Result run(int port, int clients, int seconds) throws IOException, InterruptedException {
    var output =
        call(port, List.of("--threads=" + clients, "--time=" + seconds, "--percentile=50", "run"));
    if (number(ERRORS, output) > 0) {
      System.out.println("  (deadlocks met: " + (long) number(ERRORS, output) + ")");
    }
    return new Result(number(TRANSACTIONS, output), number(MEDIAN, output));
  }

  private String call(int port, List<String> more) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                "sysbench",
                script,
                "--db-driver=mysql",
                "--mysql-host=127.0.0.1",
                "--mysql-port=" + port,
                "--mysql-user=" + user,
                "--mysql-password=" + password,
                "--mysql-db=" + schema,
                "--db-ps-mode=" + (prepared ? "auto" : "disable"),
                "--rand-type=uniform",
                "--tables=1",
                "--table-size=" + ROWS));
    command.addAll(more);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("sysbench has failed: " + output);
    }
    return output;
  }

  private static double number(Pattern pattern, String output) {
    Matcher found = pattern.matcher(output);
    if (!found.find()) {
      throw new IllegalStateException("sysbench does not tell " + pattern + ": " + output);
    }
    return Double.parseDouble(found.group(1));
  }
}
