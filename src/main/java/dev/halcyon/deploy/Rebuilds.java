package dev.halcyon.deploy;

import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.rebuild.Rebuild;
import dev.halcyon.rebuild.RebuildContext;
import dev.halcyon.rebuild.RebuildReport;
import dev.halcyon.rebuild.Way;
import dev.halcyon.rebuild.WayReport;
import dev.halcyon.rebuild.Ways;
import org.jspecify.annotations.Nullable;

/** Rebuilds of tables as part of a run. */
final class Rebuilds {
  /** More connections copy no faster, and the application needs processors too. */
  private static final int WORKERS = 2;

  private final RebuildContext context;

  Rebuilds(Run run) {
    var settings = run.settings();
    this.context =
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
            count -> run.journal().told());
  }

  /** One change by the best way, or the wanted one. */
  WayReport run(Ways ways, @Nullable Way wanted) {
    return ways.run(context, wanted);
  }

  /** Begins, or goes on. */
  RebuildReport run(String statement) {
    return new Rebuild(context, statement).run();
  }

  /** Whether the step has been begun and has not wholly ended, whatever the table looks like. */
  boolean underWay(Step.Rebuild step) {
    return Rebuild.underWay(context, step.table()).filter(step.sql()::equals).isPresent();
  }

  /**
   * Removes what a run has left of a rebuild that will not be ended.
   *
   * @return whether the tables had been swapped
   */
  boolean abandon(String table) {
    return Rebuild.abandon(context, table);
  }

  /** Gives up what an expansion has begun and will not end. */
  void abandonExpansion(Plan plan) {
    for (var step : plan.expand()) {
      if (step instanceof Step.Rebuild rebuild && underWay(rebuild)) {
        var _ = Rebuild.abandon(context, rebuild.table());
      }
    }
  }
}
