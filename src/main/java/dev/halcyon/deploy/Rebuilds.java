package dev.halcyon.deploy;

import dev.halcyon.mysql.FencedSessions;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.rebuild.Keeper;
import dev.halcyon.rebuild.KeeperFence;
import dev.halcyon.rebuild.Rebuild;
import dev.halcyon.rebuild.RebuildContext;
import dev.halcyon.rebuild.RebuildReport;
import dev.halcyon.rebuild.Revert;
import dev.halcyon.rebuild.Way;
import dev.halcyon.rebuild.WayReport;
import dev.halcyon.rebuild.Ways;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Rebuilds of tables as part of a run. */
final class Rebuilds {
  /** More connections copy no faster, and the application needs processors too. */
  private static final int WORKERS = 2;

  private final RebuildContext context;

  Rebuilds(Run run) {
    this.context = context(run.settings(), run.lease(), count -> run.journal().told());
  }

  private static RebuildContext context(
      DeploySettings settings, FencedSessions sessions, IntConsumer journalWrites) {
    return new RebuildContext(
        settings.server(),
        sessions,
        settings.throttle(),
        settings.pace(),
        settings.patience(),
        settings.leaseTimes().patience(),
        settings.capture(),
        WORKERS,
        settings.events(),
        settings.stop()::requested,
        journalWrites,
        settings.neighbours());
  }

  /** Keeps the old table of a rebuild beside the new one, without the lease. */
  static Keeper keeper(DeploySettings settings, String table) {
    var fence = new KeeperFence(settings.server(), table);
    return new Keeper(context(settings, fence, settings.journalWrites()), fence, table);
  }

  /** One change by the best way, or the wanted one. */
  WayReport run(Ways ways, @Nullable Way wanted, @Nullable Duration keep) {
    return ways.run(context, wanted, keep);
  }

  /** Swaps the old table back in. */
  RebuildReport revert(String table) {
    return new Revert(context, table).run();
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
