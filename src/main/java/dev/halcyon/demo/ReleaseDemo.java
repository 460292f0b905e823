package dev.halcyon.demo;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.progress.Event;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The story of a release, under the load of users from beginning to end: version 1 of a web
 * application, a version 2 that its smoke tests stop, one that the watch takes back, and one that
 * is good. For one thread.
 */
public final class ReleaseDemo {
  /** Runs {@code halcyon} with these words, as if they were typed in the folder. */
  public interface CommandLine {
    /**
     * @param environment beside that of this process
     * @return the exit status
     */
    int run(Path folder, Map<String, String> environment, String... words);
  }

  /** What each act must come to. */
  private record Expected(int exit, boolean failures, String live) {}

  private final DemoSettings settings;
  private final CommandLine commands;
  private final ReleaseScenery scenery;
  private final Visitors visitors;
  private final List<ReleaseReport.Act> acts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  private ReleaseDemo(
      DemoSettings settings, CommandLine commands, ReleaseScenery scenery, Visitors visitors) {
    this.settings = settings;
    this.commands = commands;
    this.scenery = scenery;
    this.visitors = visitors;
  }

  /**
   * Sets everything up, tells the story and removes it again.
   *
   * @param haproxy the program, empty for a stand-in of the demo's own
   * @throws Failure HAL-405 when it was stopped on request
   */
  public static ReleaseReport run(
      DemoSettings settings, Optional<Path> haproxy, CommandLine commands) {
    settings.events().on(new Event.Note("starting a database server and version 1"));
    try (var scenery = ReleaseScenery.open(settings, haproxy)) {
      settings.events().on(new Event.Note("users come in by " + scenery.balancer()));
      var base = URI.create(scenery.url());
      var streets = new AtomicLong();
      try (var visitors =
          Visitors.start(
              settings.clients(),
              settings.pace(),
              settings.seed(),
              () -> new UserHabit(base, streets))) {
        return new ReleaseDemo(settings, commands, scenery, visitors).tell();
      }
    }
  }

  private ReleaseReport tell() {
    act("before", "version 1.0 has all traffic", new Expected(-1, false, "1.0"));
    command("init", new Expected(0, false, "1.0"), "init");
    scenery.write("2.0-rc1", UserService.Flaw.BLIND);
    command("blind", new Expected(1, false, "1.0"), "release");
    scenery.write("2.0-rc2", UserService.Flaw.FLAKY);
    command("flaky", new Expected(1, true, "1.0"), "release");
    scenery.write("2.0", UserService.Flaw.NONE);
    command("good", new Expected(0, false, "2.0"), "release");
    command("contract", new Expected(0, false, "2.0"), "contract");
    act("after", "version 2.0 works with the new shape alone", new Expected(-1, false, "2.0"));
    visitors.close();
    try (var session = scenery.server().open("demo audit")) {
      PlainSchema.differences(session).forEach(complaints::add);
      return new ReleaseReport(
          acts,
          List.of(exposure("blind", 0), exposure("flaky", ReleaseScenery.FIRST_SHARE)),
          scenery.balancer(),
          session.query("SELECT COUNT(*) AS n FROM users").getFirst().longValue("n"),
          session.query("SELECT COUNT(*) AS n FROM addresses").getFirst().longValue("n"),
          complaints);
    }
  }

  private ReleaseReport.Exposure exposure(String act, int share) {
    return new ReleaseReport.Exposure(
        act, share, ReleaseScenery.SAMPLES, ReleaseScenery.INTERVAL, settings.clients());
  }

  /** Users work, and nothing else happens. */
  private void act(String name, String title, Expected expected) {
    begin(name, title);
    long began = System.nanoTime();
    // At least some requests, on however slow a machine.
    visitors.awaitRequests(settings.clients() * 20L);
    end(name, began, -1, expected);
  }

  private void command(String name, Expected expected, String word) {
    begin(name, "halcyon " + word + titleOf(name));
    long began = System.nanoTime();
    int exit = commands.run(scenery.folder(), scenery.environment(), word);
    end(name, began, exit, expected);
  }

  private static String titleOf(String act) {
    return switch (act) {
      case "blind" -> ": a version 2 that forgets addresses";
      case "flaky" -> ": a version 2 that passes the smoke tests and fails one request in ten";
      case "good" -> ": a version 2 as it should be";
      default -> "";
    };
  }

  private void begin(String name, String title) {
    if (settings.stop().requested()) {
      throw new Failure(
          ErrorCode.STOPPED,
          "demo release",
          "stopped on request",
          "Nothing: the demo's servers and their data are gone.",
          "halcyon demo release",
          null);
    }
    settings.events().on(new Event.ActStarted(name, title));
  }

  private void end(String name, long began, int exit, Expected expected) {
    var took = Duration.ofNanos(System.nanoTime() - began);
    var seen = visitors.take();
    String live = scenery.live();
    if (!live.equals(expected.live())) {
      complaints.add(name + ": " + live + " has the traffic, not " + expected.live());
    }
    if (exit != expected.exit()) {
      complaints.add(name + " ended with " + exit + ", not " + expected.exit());
    }
    if (seen.failed() > 0 != expected.failures() || seen.wrong() > 0) {
      complaints.add(
          "%s: %d failed, %d wrong: %s"
              .formatted(name, seen.failed(), seen.wrong(), String.join("; ", seen.words())));
    }
    acts.add(
        new ReleaseReport.Act(
            name, exit, took, seen.requests(), seen.failed(), seen.wrong(), seen.longest(), live));
    settings
        .events()
        .on(
            new Event.ActFinished(
                name, took, seen.requests(), seen.failed(), seen.wrong(), 0, seen.longest()));
  }
}
