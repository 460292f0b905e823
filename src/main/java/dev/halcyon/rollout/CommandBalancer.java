package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.balancer.Counters;
import dev.halcyon.balancer.ShellCommand;
import dev.halcyon.rollout.Release.Party;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Anything that can be told by commands. */
final class CommandBalancer implements Balancer {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration QUICK = Duration.ofSeconds(10);

  private final Release.Commands commands;
  private final Release release;
  private final ShellCommand shell;

  CommandBalancer(Release.Commands commands, Release release) {
    this.commands = commands;
    this.release = release;
    this.shell = new ShellCommand(release.folder());
  }

  @Override
  public List<String> problems() {
    return List.of();
  }

  @Override
  public Optional<Boolean> taken() {
    return Optional.empty();
  }

  @Override
  public void share(int percent) {
    var _ = output(commands.share(), environment(Map.of("HALCYON_SHARE", "" + percent)), PATIENCE);
  }

  @Override
  public Optional<String> deviation(int percent) {
    return Optional.empty();
  }

  @Override
  public Optional<String> unusable(Party party) {
    return Optional.empty();
  }

  @Override
  public Optional<Counters> counters(Party party) {
    String line = commands.counters();
    if (line == null) {
      return Optional.empty();
    }
    String[] words = of(line, party).strip().split("\\s+", -1);
    try {
      return Optional.of(
          new Counters(
              Long.parseLong(words[0]),
              Long.parseLong(words[1]),
              Duration.ofMillis(words.length > 2 ? Math.round(Double.parseDouble(words[2])) : 0)));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
      throw BalancerException.refused(
          "\"%s\" prints \"%s\", not the numbers of answers, failed ones and milliseconds"
              .formatted(line, String.join(" ", words)),
          malformed);
    }
  }

  @Override
  public void admit(Party party) {
    // Its ready check is all that is asked.
  }

  @Override
  public void drain(Party party) {
    // Who has no part of the traffic gets nothing new.
  }

  @Override
  public void retire(Party party) {
    // As above.
  }

  @Override
  public OptionalLong sessions(Party party) {
    String line = commands.sessions();
    if (line == null) {
      return OptionalLong.empty();
    }
    String printed = of(line, party).strip();
    try {
      return OptionalLong.of(Long.parseLong(printed));
    } catch (NumberFormatException malformed) {
      throw BalancerException.refused(
          "\"%s\" prints \"%s\", not a number of sessions".formatted(line, printed), malformed);
    }
  }

  @Override
  public List<String> script(ReleaseStep step) {
    return switch (step) {
      case ReleaseStep.Shift shift ->
          List.of("HALCYON_SHARE=" + shift.share() + " " + commands.share());
      case ReleaseStep.Observe _ -> one(release.to(), commands.counters());
      case ReleaseStep.Drain drain -> one(drain.party(), commands.sessions());
      case ReleaseStep.Expand _,
          ReleaseStep.Start _,
          ReleaseStep.Ready _,
          ReleaseStep.Smoke _,
          ReleaseStep.Stop _,
          ReleaseStep.Contract _ ->
          List.of();
    };
  }

  private static List<String> one(Party party, @Nullable String line) {
    return line == null ? List.of() : List.of("HALCYON_VERSION=" + party.name() + " " + line);
  }

  private String of(String line, Party party) {
    return output(line, environment(Map.of("HALCYON_VERSION", party.name())), QUICK);
  }

  private Map<String, String> environment(Map<String, String> more) {
    var all = new LinkedHashMap<String, String>();
    all.put("HALCYON_FROM", release.from().name());
    all.put("HALCYON_TO", release.to().name());
    all.putAll(more);
    return all;
  }

  private String output(String line, Map<String, String> environment, Duration timeout) {
    var end = shell.run(line, environment, timeout);
    if (!end.good()) {
      throw BalancerException.refused(
          "the command \"%s\" ended with %s".formatted(line, end.words(timeout)));
    }
    return end.output();
  }
}
