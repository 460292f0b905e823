package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.progress.Event;
import java.time.Duration;
import java.util.List;

/** The old table of a rebuild, after its cut-over. */
final class Keeping {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final DeploySettings settings;
  private final String table;

  Keeping(DeploySettings settings, String table) {
    this.settings = settings;
    this.table = table;
  }

  /** Has it follow the new one until its time is over, then removes it. */
  Outcome run() {
    var kept = Rebuilds.keeper(settings, table).run();
    return switch (kept.end()) {
      case TAKEN_OVER ->
          outcome(ExitStatus.DONE, "another run goes on with the old table of " + table, List.of());
      case EXPIRED -> {
        remove();
        yield outcome(
            kept.unfit().isEmpty() ? ExitStatus.DONE : ExitStatus.FINDINGS,
            "the time is over; the old table of " + table + " is removed",
            kept.unfit().stream().map(Keeping::finding).toList());
      }
    };
  }

  /** Swaps it back in. */
  Outcome revert() {
    try (var run = Run.open(settings)) {
      var report = new Rebuilds(run).revert(table);
      return outcome(
          ExitStatus.DONE,
          "%s is as it was: %d rows compared, %d changes taken along, tables swapped in %d ms"
              .formatted(table, report.compared(), report.changes(), report.stall().toMillis()),
          List.of());
    }
  }

  /** Waits for the lease, as another change may be under way. */
  private void remove() {
    while (true) {
      try (var run = Run.open(settings)) {
        var _ = new Rebuilds(run).abandon(table);
        return;
      } catch (Refusal busy) {
        if (busy.exitStatus() != ExitStatus.LEASE_HELD) {
          throw busy;
        }
        settings
            .events()
            .on(new Event.Waiting(table, "keep", "another run is at work; the old table stays"));
      }
      pause();
    }
  }

  private void pause() {
    if (settings.stop().requested()) {
      throw stopped();
    }
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw stopped();
    }
  }

  private Failure stopped() {
    return new Failure(
        ErrorCode.STOPPED,
        "remove the old table of " + table,
        "stopped on request",
        "It is still there.",
        "halcyon alter --abort " + table,
        null);
  }

  private static Finding finding(String row) {
    return Finding.error(
        ErrorCode.DATA_DOES_NOT_FIT.code(),
        null,
        "The row with " + row,
        "The change could not have been reverted with it.");
  }

  private static Outcome outcome(ExitStatus status, String message, List<Finding> findings) {
    return new Outcome(status, message, findings, List.of());
  }
}
