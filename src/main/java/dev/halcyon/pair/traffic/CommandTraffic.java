package dev.halcyon.pair.traffic;

import dev.halcyon.balancer.ShellCommand;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.pair.Pair;
import dev.halcyon.proxy.Boundary;
import dev.halcyon.proxy.Hindrance;
import dev.halcyon.proxy.Traffic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Whatever the user's own commands can hold, lead elsewhere and release: another proxy, names in a
 * DNS, an address of a cloud. What it is told of sessions is their number. Thread-safe.
 */
public final class CommandTraffic implements Traffic {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int SHOWN = 1000;

  private final TrafficCommands commands;
  private final Pair pair;
  private final ShellCommand shell;
  private long heldSince;
  private long drainedSince;

  public CommandTraffic(TrafficCommands commands, Pair pair) {
    this.commands = commands;
    this.pair = pair;
    this.shell = new ShellCommand(commands.folder());
  }

  /** What the status command has printed. */
  private record Look(String server, boolean held, long sessions) {}

  @Override
  public synchronized void hold(Duration lease) {
    var look = look();
    if (look.held()) {
      throw new IllegalStateException("clients are held already");
    }
    run(
        commands.hold(),
        Map.of("HALCYON_SERVER", look.server(), "HALCYON_LEASE_MS", "" + lease.toMillis()));
    heldSince = System.nanoTime();
    drainedSince = 0;
    if (!look().held()) {
      throw ErrorCode.TRAFFIC_REFUSED.refuse(
          "The command \"%s\" has ended with 0, but \"%s\" says that clients are not held."
              .formatted(commands.hold(), commands.status()),
          "Let it end with 0 only once they are.");
    }
  }

  /** {@inheritDoc} Their lease is the commands' own affair; whether it lasts is asked. */
  @Override
  public void renew(Duration lease) {
    requireHeld();
  }

  private Look requireHeld() {
    var look = look();
    if (!look.held()) {
      throw new IllegalStateException("clients are not held");
    }
    return look;
  }

  @Override
  public synchronized void release() {
    var look = look();
    if (look.held()) {
      run(commands.release(), Map.of("HALCYON_SERVER", look.server()));
    }
    heldSince = 0;
    drainedSince = 0;
  }

  /** {@inheritDoc} How long is zero if another process holds them; sessions have no names. */
  @Override
  public synchronized Status status() {
    var look = look();
    long now = System.nanoTime();
    return new Status(
        look.server(),
        look.held(),
        look.held() && heldSince != 0 ? Duration.ofNanos(now - heldSince) : Duration.ZERO,
        look.held() && drainedSince != 0 ? Duration.ofNanos(now - drainedSince) : Duration.ZERO,
        false,
        false,
        0,
        0,
        LongStream.range(0, Math.min(SHOWN, look.sessions()))
            .mapToObj(number -> unnamed(look.server()))
            .toList());
  }

  private static SessionStatus unnamed(String server) {
    return new SessionStatus(
        0,
        "an unknown address",
        "an unknown user",
        "",
        server,
        new Boundary(Set.of(Hindrance.TRANSACTION), Duration.ZERO, Duration.ZERO),
        false);
  }

  @Override
  public synchronized boolean awaitDrained(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      var look = look();
      if (!look.held()) {
        return false;
      }
      if (look.sessions() == 0) {
        drainedSince = drainedSince == 0 ? System.nanoTime() : drainedSince;
        return true;
      }
      if (System.nanoTime() >= end) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  @Override
  public synchronized boolean closeStragglers(Duration patience) throws InterruptedException {
    var look = requireHeld();
    if (look.sessions() > 0 && commands.close() != null) {
      run(commands.close(), Map.of("HALCYON_SERVER", look.server()));
    }
    return awaitDrained(patience);
  }

  /** {@inheritDoc} There is nothing to prepare; only whether they answer is tried. */
  @Override
  public Moves prepare(String server, Duration patience) {
    requireKnown(server);
    var _ = look();
    return new Moves(true, List.of());
  }

  @Override
  public void forget() {
    // Nothing was prepared.
  }

  @Override
  public synchronized Moves repoint(String server, Immovable policy, Duration patience) {
    requireKnown(server);
    if (requireHeld().sessions() > 0) {
      throw new IllegalStateException("sessions have work under way still");
    }
    run(commands.repoint(), Map.of("HALCYON_SERVER", server));
    var now = look().server();
    return now.equals(server)
        ? new Moves(true, List.of())
        : new Moves(
            false,
            List.of(),
            "the command \"%s\" has ended with 0, but \"%s\" says that clients are led to %s"
                .formatted(commands.repoint(), commands.status(), now));
  }

  private void requireKnown(String server) {
    if (!isKnown(server)) {
      throw new IllegalArgumentException("no server is named " + server);
    }
  }

  private boolean isKnown(String server) {
    return pair.members().stream().anyMatch(member -> member.name().equals(server));
  }

  private Look look() {
    var printed = run(commands.status(), Map.of()).strip();
    var values = new HashMap<String, String>();
    for (String word : printed.split("\\s+", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    var held = values.getOrDefault("held", "");
    var sessions = values.getOrDefault("sessions", "0");
    if (!isKnown(values.getOrDefault("server", ""))
        || !held.matches("yes|no")
        || !sessions.matches("\\d{1,9}")) {
      throw ErrorCode.TRAFFIC_REFUSED.refuse(
          "The command \"%s\" prints \"%s\".".formatted(commands.status(), printed),
          "Let it print server=%s held=no sessions=0, with what is so; the servers are %s and %s."
              .formatted(pair.first(), pair.first(), pair.second()));
    }
    return new Look(
        values.getOrDefault("server", ""), held.equals("yes"), Long.parseLong(sessions));
  }

  /**
   * Runs one to its end.
   *
   * @throws dev.halcyon.model.Refusal HAL-741 if it takes too long, HAL-742 if it does not end with
   *     0; what it has done by then is not known
   */
  private String run(String line, Map<String, String> environment) {
    var end = shell.run(line, environment, commands.timeout());
    if (!end.good()) {
      var code = end.late() ? ErrorCode.TRAFFIC_SILENT : ErrorCode.TRAFFIC_REFUSED;
      throw code.refuse(
          "The command \"%s\" ended with %s.".formatted(line, end.words(commands.timeout())),
          "Run it by hand in " + commands.folder() + ".");
    }
    return end.output();
  }
}
