package dev.halcyon.bench;

import dev.halcyon.backfill.BackfillContext;
import dev.halcyon.backfill.BackfillReport;
import dev.halcyon.backfill.BackfillRunner;
import dev.halcyon.backfill.Checkpoints;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.ServerLoad;
import dev.halcyon.mysql.Session;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Events;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One backfill as the program runs it; as a process of its own, it tells its memory. */
final class BackfillProcess {
  private static final int MOST_THREADS = 25;

  private BackfillProcess() {}

  /** Arguments: url, user, password. */
  public static void main(String[] arguments) throws IOException {
    var server = Server.connect(new ConnectionSettings(arguments[0], arguments[1], arguments[2]));
    var report = run(server, Pace.DEFAULT);
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    System.out.printf(
        "  %d rows, %d chunks, %d collisions: heap in use afterwards %.1f MB, peak resident %s%n",
        report.rows(), report.chunks(), report.collisions(), heap / 1e6, peakResident());
  }

  static BackfillReport run(Server server, Pace pace) {
    var step =
        new Step.Backfill(
            "expand.3",
            "backfill orders.amount",
            "orders",
            List.of("id"),
            "orders",
            List.of(BenchTable.UPDATE),
            true,
            0);
    return new BackfillRunner(
            step,
            new BackfillContext(
                "1",
                server::open,
                new Stored(),
                new ServerLoad(server, MOST_THREADS),
                pace,
                Duration.ofSeconds(60),
                Events.NONE,
                () -> false))
        .run();
  }

  private static String peakResident() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM"))
          .map(line -> line.replaceAll("\\D+", ""))
          .map(kilobytes -> "%.0f MB".formatted(Long.parseLong(kilobytes) / 1e3))
          .findFirst()
          .orElse("unknown");
    }
  }

  /** A row of a table, with a lock, as the journal does it. */
  private record Stored() implements Checkpoints {
    @Override
    public Optional<String> read(Session session) {
      return session
          .first("SELECT text FROM checkpoints WHERE id = 1 FOR UPDATE")
          .filter(row -> !row.isNull("text"))
          .map(row -> row.string("text"));
    }

    @Override
    public void write(Session session, String text, long rowsDone) {
      session.update("UPDATE checkpoints SET text = ?, done = ? WHERE id = 1", text, rowsDone);
    }
  }
}
