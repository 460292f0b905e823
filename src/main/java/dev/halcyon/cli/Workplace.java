package dev.halcyon.cli;

import dev.halcyon.deploy.DeploySettings;
import dev.halcyon.deploy.Deployment;
import dev.halcyon.journal.Holder;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.HistoryLength;
import dev.halcyon.mysql.Neighbours;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.ReplicaLag;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.ServerLoad;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.plan.Limits;
import dev.halcyon.usage.UsageSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The server that the settings name, and the deployment to it. */
final class Workplace implements AutoCloseable {
  /** The lease beats every second while a run works, so it tells how far a replica is. */
  private static final String HEARTBEAT = "SELECT heartbeat_at FROM halcyon_lease";

  private final Server server;
  private final Deployment deployment;
  private final @Nullable ReplicaLag lag;

  private Workplace(Invocation invocation) {
    Settings settings = invocation.settings().get();
    this.server = connect(settings, settings.url());
    String replica = settings.replica();
    this.lag =
        replica == null
            ? null
            : new ReplicaLag(connect(settings, replica), HEARTBEAT, settings.maxLag());
    this.deployment =
        new Deployment(
            new DeploySettings(
                server,
                settings.migrations(),
                Holder.current(invocation.line().replaceFirst("^halcyon ", "")),
                LeaseTimes.DEFAULT,
                new Patience(settings.lockWait(), Patience.defaults().budget()),
                Pace.DEFAULT.withTarget(settings.chunkTime()),
                throttle(settings),
                new Limits(settings.copyRows(), settings.maxLag(), replica != null),
                invocation.events(),
                invocation.stop()::requested,
                invocation.journalWrites(),
                usage(invocation, settings),
                neighbours(settings),
                settings.capture()));
  }

  private UsageSettings usage(Invocation invocation, Settings settings) {
    var sources = settings.usageSources();
    return new UsageSettings(
        sources.contains(Settings.SERVER),
        sources.contains(Settings.PROXY)
            ? List.of(new ProxyRecord(invocation, server.schema()))
            : List.of(),
        settings.gateUnused());
  }

  private static Neighbours neighbours(Settings settings) {
    return new Neighbours(
        settings.neighbours().stream().map(url -> connection(settings, url)).toList());
  }

  /** Connects, does the work, and lets go. */
  static Answer use(Invocation invocation, Function<Workplace, Answer> work) {
    try (var workplace = new Workplace(invocation)) {
      return work.apply(workplace);
    }
  }

  /** As {@link #use}, for work that Ctrl-C may stop at a safe point only. */
  static Answer run(Invocation invocation, Function<Deployment, Answer> work) {
    invocation.stop().listen(invocation.console(), invocation.line());
    return use(invocation, workplace -> work.apply(workplace.deployment()));
  }

  Server server() {
    return server;
  }

  Deployment deployment() {
    return deployment;
  }

  @Override
  public void close() {
    if (lag != null) {
      lag.close();
    }
  }

  private Throttle throttle(Settings settings) {
    var all = new ArrayList<Throttle>();
    all.add(new ServerLoad(server, settings.threadsRunning()));
    all.add(new HistoryLength(settings.historyLength()));
    if (lag != null) {
      all.add(lag);
    }
    return Throttle.all(all);
  }

  private static Server connect(Settings settings, String url) {
    return Server.connect(connection(settings, url));
  }

  private static ConnectionSettings connection(Settings settings, String url) {
    return new ConnectionSettings(url, settings.user(), settings.password(), settings.ca());
  }
}
