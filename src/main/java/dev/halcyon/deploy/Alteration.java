package dev.halcyon.deploy;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.rebuild.Rebuild;
import dev.halcyon.rebuild.RebuildContext;
import java.util.List;

/** One {@code ALTER TABLE} outside the change files, done by a rebuild. */
final class Alteration {
  /** More connections copy no faster, and the application needs processors too. */
  private static final int WORKERS = 2;

  private final DeploySettings settings;

  Alteration(DeploySettings settings) {
    this.settings = settings;
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-120 before init, HAL-601 when another run holds the
   *     lease, and as {@link Rebuild#run}
   * @throws dev.halcyon.model.Failure as {@link Rebuild#run}
   */
  Outcome run(String statement) {
    try (var run = Run.open(settings)) {
      var report =
          new Rebuild(
                  new RebuildContext(
                      settings.server(),
                      run.lease(),
                      settings.throttle(),
                      settings.pace(),
                      settings.patience(),
                      settings.leaseTimes().patience(),
                      WORKERS,
                      settings.events(),
                      settings.stop()::requested,
                      settings.journalWrites()),
                  statement)
              .run();
      return new Outcome(
          ExitStatus.DONE,
          "%d rows copied, %d compared, %d changes taken along, tables swapped in %d ms"
              .formatted(
                  report.rows(), report.compared(), report.changes(), report.stall().toMillis()),
          List.of(),
          List.of());
    }
  }
}
