package dev.halcyon.rebuild;

import dev.halcyon.journal.Holder;
import dev.halcyon.journal.JournalTables;
import dev.halcyon.journal.Lease;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Database;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** Runs rebuilds as the program does, in a test's schema. */
final class Rebuilding {
  private final Database database;
  private Pace pace = Pace.DEFAULT.withRows(1, 50);
  private Events events = event -> {};
  private BooleanSupplier stopped = () -> false;
  private IntConsumer writes = count -> {};

  Rebuilding(Database database) {
    this.database = database;
    try (var session = server(database).open("test")) {
      JournalTables.create(session);
    }
  }

  static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  Rebuilding chunks(long rows) {
    pace = Pace.DEFAULT.withRows(rows, rows);
    return this;
  }

  /** Is told of every event, in the middle of the work. */
  Rebuilding listening(Events listener) {
    events = listener;
    return this;
  }

  /** When the step begins. */
  Rebuilding atStep(String step, Runnable work) {
    return listening(
        event -> {
          if (event instanceof Event.StepStarted started && started.step().equals(step)) {
            work.run();
          }
        });
  }

  Rebuilding stoppedBy(BooleanSupplier signal) {
    stopped = signal;
    return this;
  }

  /** Dies, as far as the server can see, in the write of the checkpoint of that number. */
  Rebuilding afterWrite(IntConsumer listener) {
    writes = listener;
    return this;
  }

  RebuildReport run(String statement) {
    var server = server(database);
    try (var lease =
        Lease.acquire(server, Holder.current("alter"), LeaseTimes.DEFAULT, event -> {})) {
      return new Rebuild(
              new RebuildContext(
                  server,
                  lease,
                  Throttle.OFF,
                  pace,
                  new Patience(Duration.ofSeconds(2), Duration.ofSeconds(60)),
                  Duration.ofSeconds(30),
                  2,
                  events,
                  stopped,
                  writes),
              statement)
          .run();
    }
  }
}
