package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.balancer.ShellCommand;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.progress.Figures;
import dev.halcyon.rollout.Release.Party;
import dev.halcyon.rollout.Release.ReadyCheck;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Does single steps of a release outside the database's schema. What a version gets wrong comes
 * back as a {@link Breach}; what keeps Halcyon from going on is thrown. For one thread.
 */
final class StepRun {
  /** For commands that start and stop a version. */
  private static final Duration COMMAND = Duration.ofSeconds(60);

  private static final Duration ONE_LOOK = Duration.ofSeconds(5);

  /** Between two looks at what is waited for. */
  static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  /** For requests under way when the balancer has stopped sending new ones. */
  private static final Duration LAST_ONES = Duration.ofSeconds(5);

  private final Release release;
  private final Balancer balancer;
  private final ShellCommand shell;
  private final Patience patience;
  private final Events events;
  private final String title;

  StepRun(Release release, Balancer balancer, Patience patience, Events events) {
    this.release = release;
    this.balancer = balancer;
    this.shell = new ShellCommand(release.folder());
    this.patience = patience;
    this.events = events;
    this.title = title(release);
  }

  /** As events name it. */
  static String title(Release release) {
    return "Release " + release.to().name();
  }

  /**
   * @param again whether it has been begun before, so that it may be done already
   */
  Optional<Breach> start(Party party, boolean again, String remains) {
    if (again && party.ready() != null && unready(party, ONE_LOOK).isEmpty()) {
      return Optional.empty();
    }
    patience.goOn(remains);
    return command(party, Objects.requireNonNull(party.start()));
  }

  Optional<Breach> stop(Party party) {
    return command(party, Objects.requireNonNull(party.stop()));
  }

  private Optional<Breach> command(Party party, String line) {
    var end = shell.run(line, Map.of("HALCYON_VERSION", party.name()), COMMAND);
    return end.good()
        ? Optional.empty()
        : Optional.of(
            new Breach(
                ErrorCode.COMMAND_FAILED,
                "\"%s\" ended with %s".formatted(line, end.words(COMMAND))));
  }

  /** Waits until a version answers and the balancer finds it well. */
  Optional<Breach> ready(ReleaseStep step, Party party, String remains) {
    balancer.admit(party);
    ReadyCheck check = party.ready();
    Duration within = check == null ? COMMAND : check.within();
    long end = System.nanoTime() + within.toNanos();
    while (true) {
      var missing = unready(party, ONE_LOOK).or(() -> balancer.unusable(party));
      if (missing.isEmpty()) {
        return Optional.empty();
      }
      if (System.nanoTime() > end) {
        return Optional.of(
            new Breach(
                ErrorCode.NOT_READY,
                "%s is not ready after %s: %s"
                    .formatted(party.name(), Figures.duration(within), missing.get())));
      }
      events.on(new Event.Waiting(title, step.id(), missing.get()));
      patience.pause(BETWEEN_LOOKS, remains);
    }
  }

  private Optional<String> unready(Party party, Duration timeout) {
    ReadyCheck check = party.ready();
    if (check == null) {
      return Optional.empty();
    }
    return switch (check.target()) {
      case ReadyCheck.Url url -> {
        try (var smoke = new SmokeRun(shell)) {
          yield smoke.unready(url.url(), timeout);
        }
      }
      case ReadyCheck.Command command -> {
        var end = shell.run(command.line(), Map.of("HALCYON_VERSION", party.name()), timeout);
        yield end.good() ? Optional.empty() : Optional.of(end.words(timeout));
      }
    };
  }

  /** All tests, so that every one that fails is told. */
  Optional<Breach> smoke(boolean through) {
    URI base = through ? release.traffic().url() : release.to().url();
    var failures = new StringBuilder();
    try (var smoke = new SmokeRun(shell)) {
      for (var test : release.smoke()) {
        smoke
            .failure(test, base)
            .ifPresent(
                words ->
                    failures
                        .append(failures.isEmpty() ? "" : "; ")
                        .append('"')
                        .append(test.name())
                        .append("\": ")
                        .append(words));
      }
    }
    return failures.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Breach(
                ErrorCode.SMOKE_FAILED, failures + (base == null ? "" : " (at " + base + ")")));
  }

  /**
   * Waits until a version has no session any more, and takes it out.
   *
   * @return what is worth knowing, or null
   */
  @Nullable String drain(ReleaseStep.Drain step, Runnable between) {
    balancer.drain(step.party());
    long end = System.nanoTime() + step.most().toNanos();
    OptionalLong left = await(step, end, between);
    balancer.retire(step.party());
    if (left.orElse(0) > 0) {
      left = await(step, System.nanoTime() + LAST_ONES.toNanos(), between);
    }
    return left.orElse(0) > 0
        ? "%s of %s did not end within %s"
            .formatted(
                Figures.count(left.getAsLong(), "session"),
                step.party().name(),
                Figures.duration(step.most()))
        : null;
  }

  private OptionalLong await(ReleaseStep.Drain step, long end, Runnable between) {
    while (true) {
      OptionalLong left = balancer.sessions(step.party());
      if (System.nanoTime() > end || left.orElse(1) == 0) {
        return left;
      }
      events.on(
          new Event.Waiting(
              title,
              step.id(),
              left.isEmpty()
                  ? "nobody counts the sessions of " + step.party().name()
                  : Figures.count(left.getAsLong(), "session") + " of " + step.party().name()));
      between.run();
    }
  }

  /**
   * @param remains where the traffic stays
   */
  static Failure failure(BalancerException said, String action, String remains, String next) {
    return new Failure(
        said.answered() ? ErrorCode.BALANCER_REFUSED : ErrorCode.BALANCER_SILENT,
        action,
        String.valueOf(said.getMessage()),
        remains,
        next,
        said);
  }
}
