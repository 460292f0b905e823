package dev.halcyon.demo;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Patience;
import dev.halcyon.pair.Expansion;
import dev.halcyon.pair.PairSettings;
import dev.halcyon.pair.SwitchReport;
import dev.halcyon.pair.Switchover;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.pair.proof.ProvenExpansion;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Figures;
import dev.halcyon.proxy.Traffic.Immovable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The story of a change that is made on the passive server of a pair, under the load of clients
 * that are led from one server to the other and notice nothing. For one thread.
 */
public final class PairDemo {
  private static final Duration SHORT = Duration.ofSeconds(1);

  /** The machine is busy with the clients themselves. */
  private static final PairSettings PATIENT =
      new PairSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Immovable.GIVE_UP,
          Duration.ofMinutes(1));

  private final DemoSettings settings;
  private final PairScenery scenery;
  private final Tally tally;
  private final PairClients clients;
  private final Switchover switchover;
  private final Expansion expansion;
  private final List<SwitchReport> switchovers = new ArrayList<>();

  private PairDemo(DemoSettings settings, PairScenery scenery, Tally tally, PairClients clients) {
    this.settings = settings;
    this.scenery = scenery;
    this.tally = tally;
    this.clients = clients;
    this.switchover =
        new Switchover(scenery.pair(), scenery.proxy(), PATIENT, settings.events(), _ -> {});
    this.expansion =
        ProvenExpansion.of(
            scenery.pair(),
            scenery.script(),
            Mode.UNLOGGED,
            Patience.defaults(),
            settings.events(),
            _ -> {});
  }

  /**
   * Sets everything up, tells the story and removes it again.
   *
   * @param settings whose users are the orders that are there at first
   * @throws Failure HAL-405 when it was stopped on request
   */
  public static PairReport run(DemoSettings settings) {
    settings.events().on(new Event.Note("starting two servers that follow each other"));
    var tally = new Tally();
    try (var scenery = PairScenery.open(settings)) {
      settings
          .events()
          .on(
              new Event.Note(
                  "%s, %s, %s"
                      .formatted(
                          scenery.describe(),
                          Figures.count(settings.users(), "order"),
                          Figures.count(settings.clients(), "client"))));
      try (var clients = PairClients.start(scenery.door(), settings, tally)) {
        return new PairDemo(settings, scenery, tally, clients).tell();
      }
    }
  }

  private PairReport tell() {
    act("before", "west is active, both servers have the old schema", this::pass);
    act("expand", "halcyon pair expand V1: " + PairScenery.CHANGE, () -> tell(expansion.expand()));
    act("switch", "halcyon pair switch", () -> lead(false));
    act(
        "new-schema",
        "east is active, and clients read its new column",
        () -> readTotals(settings.scene()));
    act("back", "halcyon pair switch --back", () -> lead(true));
    act("old-schema", "west is active, which has the old schema still", this::pass);
    act("forward", "halcyon pair switch", () -> lead(false));
    act("finish", "halcyon pair finish V1", () -> tell(expansion.finish()));
    act("after", "both servers have the new schema", () -> readTotals(moment()));
    clients.close();
    scenery.settle();
    var audit = PairAudit.of(scenery.pair(), clients.acknowledged());
    audit.differences().forEach(tally::mismatch);
    return new PairReport(
        tally.finished(),
        switchovers,
        audit.lost(),
        audit.duplicated(),
        audit.orders(),
        audit.differences().isEmpty(),
        tally.words());
  }

  private void act(String name, String title, Runnable work) {
    requireGoingOn();
    settings.events().on(new Event.ActStarted(name, title));
    tally.begin(name);
    work.run();
    settings.events().on(tally.end());
  }

  /** Clients work, and nothing else happens. */
  private void pass() {
    clients.await(moment(), settings.stop());
  }

  private Duration moment() {
    return settings.scene().compareTo(SHORT) > 0 ? SHORT : settings.scene();
  }

  private void readTotals(Duration time) {
    clients.useNewSchema(true);
    clients.await(time, settings.stop());
    // The other server may not have the column.
    clients.useNewSchema(false);
    clients.await(Duration.ZERO, settings.stop());
  }

  private void tell(Expansion.Report report) {
    settings.events().on(new Event.Note(report.server() + " has V1"));
  }

  private void lead(boolean back) {
    try {
      switchovers.add(back ? switchover.back() : switchover.next());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw stopped();
    }
  }

  private void requireGoingOn() {
    if (settings.stop().requested()) {
      throw stopped();
    }
  }

  private static Failure stopped() {
    return new Failure(
        ErrorCode.STOPPED,
        "demo pair",
        "stopped on request",
        "Nothing: the demo's servers and their data are gone.",
        "halcyon demo pair",
        null);
  }
}
