package dev.halcyon.deploy;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.rebuild.Rebuild;
import java.util.List;

/** One {@code ALTER TABLE} outside the change files, done by a rebuild. */
final class Alteration {
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
      var report = new Rebuilds(run).run(statement);
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
