package dev.halcyon.deploy;

import dev.halcyon.journal.Holder;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.Neighbours;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.plan.Limits;
import dev.halcyon.progress.Events;
import dev.halcyon.rebuild.CaptureBy;
import dev.halcyon.usage.UsageSettings;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/**
 * What a deployment works with.
 *
 * @param migrations the folder of change files
 * @param holder who runs, for the lease and the version tables
 * @param patience how long schema statements wait for locks
 * @param throttle what the chunks of backfill and verify give way to
 * @param journalWrites is told after each write of the journal how many there were
 * @param usage who watches what applications use, and for how long by default
 * @param neighbours other servers that the user has named
 * @param capture what tells a rebuild of the application's writes
 */
public record DeploySettings(
    Server server,
    Path migrations,
    Holder holder,
    LeaseTimes leaseTimes,
    Patience patience,
    Pace pace,
    Throttle throttle,
    Limits limits,
    Events events,
    StopSignal stop,
    IntConsumer journalWrites,
    UsageSettings usage,
    Neighbours neighbours,
    CaptureBy capture) {

  /** On a server that stands alone; rebuilds follow its log. */
  public DeploySettings(
      Server server,
      Path migrations,
      Holder holder,
      LeaseTimes leaseTimes,
      Patience patience,
      Pace pace,
      Throttle throttle,
      Limits limits,
      Events events,
      StopSignal stop,
      IntConsumer journalWrites,
      UsageSettings usage) {
    this(
        server,
        migrations,
        holder,
        leaseTimes,
        patience,
        pace,
        throttle,
        limits,
        events,
        stop,
        journalWrites,
        usage,
        Neighbours.NONE,
        CaptureBy.LOG);
  }
}
