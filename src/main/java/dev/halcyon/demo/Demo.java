package dev.halcyon.demo;

import dev.halcyon.deploy.Deployment;
import dev.halcyon.deploy.Outcome;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Session;
import dev.halcyon.plan.Plan;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The story from version 1 of an application to version 2, under load from beginning to end.
 *
 * <p>The clients never stop: their number is the same all the while, only their version changes.
 * Every read of theirs compares both shapes as long as both are there, and what it sees with what
 * was acknowledged before. For one thread.
 */
public final class Demo {
  private static final Duration SHORT = Duration.ofMillis(500);

  private final DemoSettings settings;
  private final long begunNanos = System.nanoTime();
  private final Ledger ledger;
  private final Tally tally = new Tally();
  private final Workshop workshop;
  private final Session auditor;
  private final Clients clients;
  private final Deployment deployment;

  private Demo(DemoSettings settings, Workshop workshop, Session auditor, Ledger ledger) {
    this.settings = settings;
    this.ledger = ledger;
    this.workshop = workshop;
    this.auditor = auditor;
    this.clients = new Clients(workshop.clients(), ledger, tally, settings.pace(), settings.seed());
    this.deployment = workshop.deployment();
  }

  /**
   * Starts a server, tells the story and removes the server again.
   *
   * @throws dev.halcyon.model.Refusal if a command refuses, with its findings
   * @throws Failure if a command fails, or HAL-405 when it was stopped on request
   */
  public static DemoReport run(DemoSettings settings) {
    settings.events().on(new Event.Note("starting a database server of its own"));
    var ledger = new Ledger();
    try (var workshop = Workshop.open(settings, ledger);
        var auditor = workshop.clients().open("demo audit")) {
      settings
          .events()
          .on(
              new Event.Note(
                  "%s, %s, %s"
                      .formatted(
                          workshop.describe(),
                          Figures.count(settings.users(), "user"),
                          Figures.count(settings.clients(), "client"))));
      return new Demo(settings, workshop, auditor, ledger).tell();
    }
  }

  private DemoReport tell() {
    try (clients) {
      int all = settings.clients();
      clients.shift(all, 0, Shape.OLD);
      act("old-alone", "version 1 works with columns of users", this::linger);
      act("init", "halcyon init", () -> settle(deployment.init()));
      act("plan", "halcyon plan V1", this::plan);
      act("expand", "halcyon expand V1", () -> settle(deployment.expand(List.of(), false)));
      clients.shift(all - all / 2, all / 2, Shape.BOTH);
      act("side-by-side", "both versions write, every read sees both shapes", this::linger);
      act("verify", "halcyon verify V1", () -> settle(deployment.verify(List.of())));
      deploy("new-alone", "version 2 takes over", 0, all);
      deploy("roll-back", "the application goes back to version 1", all, 0);
      deploy("roll-forward", "and forward to version 2 again", 0, all);
      clients.shift(0, all, Shape.NEW);
      act("contract", "halcyon contract V1", () -> settle(deployment.contract(List.of(), null)));
      act("after", "version 2 works with addresses alone", this::linger);
    }
    return report();
  }

  /** Other clients take over; then every user must be as either version has left it. */
  private void deploy(String name, String title, int old, int fresh) {
    act(
        name,
        title,
        () -> {
          clients.shift(old, fresh, Shape.BOTH);
          linger();
          tally.audit(new Inspection(ledger, Shape.BOTH).all(auditor::query, false));
        });
  }

  private void act(String name, String title, Runnable work) {
    requireGoingOn(null);
    settings.events().on(new Event.ActStarted(name, title));
    tally.begin(name);
    try {
      work.run();
    } catch (RuntimeException failure) {
      requireGoingOn(failure);
      throw failure;
    }
    settings.events().on(tally.end());
  }

  private void plan() {
    for (var plan : deployment.plan(List.of(), false)) {
      settings.events().on(new Event.Note(outline(plan)));
    }
  }

  private static String outline(Plan plan) {
    return "%s %s: %s to expand, %s to verify, %s to contract"
        .formatted(
            plan.version(),
            plan.description(),
            Figures.count(plan.expand().size(), "step"),
            plan.verify().size(),
            plan.contract().size());
  }

  /** The clients work, and nothing else happens. */
  private void linger() {
    var spent = Duration.ofNanos(System.nanoTime() - begunNanos);
    boolean late = spent.compareTo(settings.budget()) > 0 && settings.scene().compareTo(SHORT) > 0;
    workshop.await(late ? SHORT : settings.scene());
    requireGoingOn(null);
  }

  /** The story goes on, so that the summary shows what came of it. */
  private void settle(Outcome outcome) {
    if (outcome.status() != ExitStatus.DONE) {
      tally.mismatch(outcome.message());
      outcome.findings().forEach(finding -> tally.mismatch(finding.message()));
    }
  }

  private void requireGoingOn(@Nullable RuntimeException cause) {
    if (workshop.stopSignal().requested()) {
      throw new Failure(
          ErrorCode.STOPPED,
          "demo",
          "stopped on request",
          "Nothing: the demo's server and its data are gone.",
          "halcyon demo",
          cause);
    }
  }

  /** The clients have ended: now every row must be known. */
  private DemoReport report() {
    tally.audit(new Inspection(ledger, Shape.NEW).all(auditor::query, true));
    var differences = PlainSchema.differences(auditor);
    differences.forEach(tally::mismatch);
    return new DemoReport(
        tally.finished(),
        tally.lost(),
        count("users"),
        count("addresses"),
        differences.isEmpty(),
        tally.words());
  }

  private long count(String table) {
    return auditor.query("SELECT COUNT(*) AS number FROM " + table).getFirst().longValue("number");
  }
}
