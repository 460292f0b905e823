package dev.halcyon.deploy;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.progress.Event;
import dev.halcyon.rebuild.Way;
import dev.halcyon.rebuild.WayReport;
import dev.halcyon.rebuild.Ways;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code ALTER TABLE} outside the change files, by the best way there is. */
final class Alteration {
  private final DeploySettings settings;
  private final Ways ways;

  Alteration(DeploySettings settings, String statement) {
    this.settings = settings;
    this.ways = new Ways(settings.server(), settings.limits(), statement, settings.capture());
  }

  /**
   * Says which way it would take, and changes nothing.
   *
   * @throws dev.halcyon.model.Refusal as {@link Ways#choose}
   */
  Outcome choose(@Nullable Way wanted) {
    return outcome(ways.choose(wanted).text().strip());
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-120 before init, HAL-601 when another run holds the
   *     lease, and as {@link Ways#run}
   * @throws dev.halcyon.model.Failure as {@link Ways#run}
   */
  Outcome run(@Nullable Way wanted) {
    return run(wanted, null);
  }

  /**
   * The same, and keeps the old table beside the new one until its time is over.
   *
   * @throws dev.halcyon.model.Refusal HAL-301 when the change has no way back
   */
  Outcome runAndKeep(Duration time) {
    settings.events().on(new Event.Note(run(null, time).message()));
    return new Keeping(settings, ways.table()).run();
  }

  private Outcome run(@Nullable Way wanted, @Nullable Duration keep) {
    try (var run = Run.open(settings)) {
      return outcome(words(new Rebuilds(run).run(ways, wanted, keep)));
    }
  }

  private static String words(WayReport report) {
    var rebuilt = report.report();
    return report.way() == Way.REBUILD
        ? "%d rows copied, %d compared in %.1f s, %d changes taken along, tables swapped in %d ms"
            .formatted(
                rebuilt.rows(),
                rebuilt.compared(),
                rebuilt.comparing().toMillis() / 1e3,
                rebuilt.changes(),
                rebuilt.stall().toMillis())
        : "done by the way " + report.way().label();
  }

  private static Outcome outcome(String message) {
    return new Outcome(ExitStatus.DONE, message, List.of(), List.of());
  }
}
