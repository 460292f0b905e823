package dev.halcyon.story;

import dev.halcyon.deploy.DeploySettings;
import dev.halcyon.deploy.Deployment;
import dev.halcyon.deploy.StopSignal;
import dev.halcyon.journal.Holder;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Leeway;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.Server;
import dev.halcyon.plan.Limits;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import dev.halcyon.usage.UsageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;

/** Deployments as the commands make them, for tests. */
final class Deployments {
  private static final long COPY_ROWS = 10_000;

  private Deployments() {}

  static Deployment of(Database database, Path migrations) {
    return of(database, database.url(), migrations, COPY_ROWS, writes -> {});
  }

  /**
   * @param url of the database, perhaps through a relay
   * @param copyRows tables with more rows are not copied under a lock
   * @param journalWrites is told the number of each write of the journal
   */
  static Deployment of(
      Database database, String url, Path migrations, long copyRows, IntConsumer journalWrites) {
    return of(
        database,
        url,
        migrations,
        LeaseTimes.DEFAULT,
        Pace.DEFAULT,
        copyRows,
        Events.NONE,
        journalWrites);
  }

  /**
   * With many small chunks.
   *
   * @param patience how long the server may be away
   */
  static Deployment patient(Database database, Path migrations, Duration patience, Events events) {
    return of(
        database,
        database.url(),
        migrations,
        new LeaseTimes(Duration.ofMillis(200), Duration.ofSeconds(5), patience),
        Pace.DEFAULT.withTarget(Duration.ofMillis(5)),
        COPY_ROWS,
        events,
        writes -> {});
  }

  private static Deployment of(
      Database database,
      String url,
      Path migrations,
      LeaseTimes times,
      Pace pace,
      long copyRows,
      Events events,
      IntConsumer journalWrites) {
    var connection = new ConnectionSettings(url, database.user(), database.password());
    return new Deployment(
        new DeploySettings(
            Server.connect(connection),
            migrations,
            Holder.current("test"),
            times,
            new Patience(Duration.ofSeconds(1), Duration.ofMinutes(1)),
            pace,
            session -> new Leeway.Shared(),
            new Limits(copyRows),
            events,
            StopSignal.NEVER,
            journalWrites,
            UsageSettings.DEFAULT));
  }
}
