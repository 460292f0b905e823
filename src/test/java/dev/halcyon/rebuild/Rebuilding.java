package dev.halcyon.rebuild;

import dev.halcyon.journal.Holder;
import dev.halcyon.journal.JournalTables;
import dev.halcyon.journal.Lease;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.FencedSessions;
import dev.halcyon.mysql.Neighbours;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.plan.Limits;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Runs rebuilds as the program does, in a test's schema. */
final class Rebuilding {
  private String url;
  private Account account;
  private Pace pace = Pace.DEFAULT.withRows(1, 50);
  private Events events = event -> {};
  private BooleanSupplier stopped = () -> false;
  private IntConsumer writes = count -> {};
  private Throttle throttle = Throttle.OFF;
  private Neighbours neighbours = Neighbours.NONE;

  /** All that do not say it otherwise can be run by another capture. */
  private CaptureBy capture =
      CaptureBy.of(System.getProperty("halcyon.test.capture", "log")).orElseThrow();

  Rebuilding(Database database) {
    this.url = database.url();
    this.account = new Account(database.user(), database.password());
    try (var session = server(database).open("test")) {
      JournalTables.create(session);
    }
  }

  static Server server(Database database) {
    return server(database.url(), new Account(database.user(), database.password()));
  }

  private static Server server(String url, Account account) {
    return Server.connect(new ConnectionSettings(url, account.user(), account.password()));
  }

  /** Works with another account than the one that may do everything. */
  Rebuilding as(Account other) {
    account = other;
    return this;
  }

  /** Has this tell of the application's writes. */
  Rebuilding by(CaptureBy newCapture) {
    capture = newCapture;
    return this;
  }

  /** Reaches the server by another address. */
  Rebuilding through(String newUrl) {
    url = newUrl;
    return this;
  }

  Rebuilding throttledBy(Throttle newThrottle) {
    throttle = newThrottle;
    return this;
  }

  Rebuilding beside(Neighbours others) {
    neighbours = others;
    return this;
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
    return with(context -> new Rebuild(context, statement).run());
  }

  /** Changes the table and keeps the old one. */
  RebuildReport run(String statement, Duration keep) {
    return with(context -> new Rebuild(context, statement, keep).run());
  }

  RebuildReport revert(String table) {
    return with(context -> new Revert(context, table).run());
  }

  boolean abandon(String table) {
    return with(context -> Rebuild.abandon(context, table));
  }

  /** Without the lease. */
  Kept keep(String table) {
    var server = server(url, account);
    var fence = new KeeperFence(server, table);
    return new Keeper(context(server, fence), fence, table).run();
  }

  WayReport alter(Limits limits, String statement, @Nullable Way wanted) {
    return with(
        context -> new Ways(context.server(), limits, statement, capture).run(context, wanted));
  }

  private <T> T with(Function<RebuildContext, T> work) {
    var server = server(url, account);
    try (var lease =
        Lease.acquire(server, Holder.current("alter"), LeaseTimes.DEFAULT, event -> {})) {
      return work.apply(context(server, lease));
    }
  }

  private RebuildContext context(Server server, FencedSessions sessions) {
    return new RebuildContext(
        server,
        sessions,
        throttle,
        pace,
        new Patience(Duration.ofSeconds(2), Duration.ofSeconds(60)),
        Duration.ofSeconds(30),
        capture,
        2,
        events,
        stopped,
        writes,
        neighbours);
  }
}
