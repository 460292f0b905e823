package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.balancer.ShellCommand;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Figures;
import dev.halcyon.rollout.Release.Party;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Watches the new version while it has some share of the traffic. What cannot be seen for a while
 * counts as bad, except a balancer that does not answer at all: then nobody could lead traffic back
 * either. For one thread; closes its session.
 */
final class Vigilance implements AutoCloseable {
  /** How long a look may fail before that is taken for an answer. */
  private static final Duration BLIND = Duration.ofSeconds(5);

  private static final Duration LEAST = Duration.ofSeconds(1);

  private final Release.Vigil vigil;
  private final Balancer balancer;
  private final Party party;
  private final int share;
  private final Server server;
  private final ShellCommand shell;
  private final Map<Watch.Counted, CounterWindow> windows;
  private @Nullable Session session;
  private long balancerBlindSince;
  private long databaseBlindSince;

  Vigilance(Release release, Balancer balancer, int share, Server server) {
    this.vigil = release.vigil();
    this.balancer = balancer;
    this.party = release.to();
    this.share = share;
    this.server = server;
    this.shell = new ShellCommand(release.folder());
    this.windows =
        vigil.watches().stream()
            .filter(Watch.Counted.class::isInstance)
            .map(Watch.Counted.class::cast)
            .collect(Collectors.toMap(counted -> counted, CounterWindow::new));
  }

  /**
   * Looks at it again and again.
   *
   * @param between waits for that long, and throws if it shall stop
   * @param told how it is, for people
   * @return what was worse than allowed
   * @throws BalancerException if the balancer does not answer for a while
   */
  Optional<Breach> observe(Duration pause, Consumer<Duration> between, Consumer<String> told) {
    long end = System.nanoTime() + pause.toNanos();
    long latest = end + vigil.patience().toNanos();
    while (true) {
      var breach = look();
      if (breach.isPresent()) {
        return breach.map(words -> new Breach(ErrorCode.WATCH_BREACHED, words));
      }
      long now = System.nanoTime();
      if (now >= end && balancerBlindSince == 0 && databaseBlindSince == 0) {
        var few = tooFew();
        if (few.isEmpty()) {
          return Optional.empty();
        }
        if (now >= latest) {
          return few.map(words -> new Breach(ErrorCode.WATCH_BREACHED, words));
        }
      }
      told.accept(words());
      long left = now < end ? end - now : vigil.interval().toNanos();
      between.accept(Duration.ofNanos(Math.min(left, vigil.interval().toNanos())));
    }
  }

  private Optional<String> look() {
    var seen = balancerLook();
    if (seen.isPresent()) {
      return seen;
    }
    for (var watch : vigil.watches()) {
      var breach =
          switch (watch) {
            case Watch.Counted counted -> window(counted).breach();
            case Watch.Sql sql -> sqlLook(sql);
            case Watch.Command command -> commandLook(command);
          };
      if (breach.isPresent()) {
        return breach;
      }
    }
    return Optional.empty();
  }

  private CounterWindow window(Watch.Counted counted) {
    return Objects.requireNonNull(windows.get(counted));
  }

  private Optional<String> balancerLook() {
    try {
      var wrong = balancer.deviation(share).or(() -> balancer.unusable(party));
      if (wrong.isEmpty() && !windows.isEmpty()) {
        long now = System.nanoTime();
        balancer
            .counters(party)
            .ifPresent(counters -> windows.values().forEach(w -> w.add(now, counters)));
      }
      balancerBlindSince = 0;
      return wrong;
    } catch (BalancerException said) {
      balancerBlindSince = blindSince(balancerBlindSince);
      if (!isLong(balancerBlindSince)) {
        return Optional.empty();
      }
      if (said.answered()) {
        return Optional.of("it cannot be watched: " + said.getMessage());
      }
      throw said;
    }
  }

  private Optional<String> sqlLook(Watch.Sql sql) {
    try {
      BigDecimal found =
          session()
              .first(sql.query())
              .filter(row -> !row.isNull(1))
              .map(row -> row.number(1))
              .orElse(BigDecimal.ZERO);
      databaseBlindSince = 0;
      return found.compareTo(sql.most()) > 0
          ? Optional.of(
              "%s, at most %s is allowed: %s"
                  .formatted(found.toPlainString(), sql.most().toPlainString(), sql.query()))
          : Optional.empty();
    } catch (Fault fault) {
      close();
      databaseBlindSince = blindSince(databaseBlindSince);
      boolean refused = fault instanceof Fault.Refused;
      return refused || isLong(databaseBlindSince)
          ? Optional.of("the check cannot be made: " + fault.detail() + ": " + sql.query())
          : Optional.empty();
    }
  }

  private Optional<String> commandLook(Watch.Command command) {
    Duration most = vigil.interval().compareTo(LEAST) < 0 ? LEAST : vigil.interval();
    var end =
        shell.run(
            command.line(),
            Map.of("HALCYON_VERSION", party.name(), "HALCYON_SHARE", "" + share),
            most);
    return end.good()
        ? Optional.empty()
        : Optional.of("\"%s\" ended with %s".formatted(command.line(), end.words(most)));
  }

  /** Reads only, and not for longer than the time between two looks. */
  private Session session() {
    var current = session;
    if (current == null) {
      current = server.open("release watch");
      session = current;
      current.execute("SET SESSION TRANSACTION READ ONLY");
      long millis = Math.max(LEAST.toMillis(), vigil.interval().toMillis());
      current.execute(
          current.engine() == Engine.MARIADB
              ? "SET SESSION max_statement_time = " + BigDecimal.valueOf(millis, 3).toPlainString()
              : "SET SESSION max_execution_time = " + millis);
    }
    return current;
  }

  private Optional<String> tooFew() {
    return windows.entrySet().stream()
        .filter(entry -> !entry.getValue().enough())
        .map(
            entry ->
                "only %s in %s, too few to judge by (%s are needed)"
                    .formatted(
                        Figures.count(entry.getValue().seen().answers(), "answer"),
                        Figures.duration(entry.getKey().window()),
                        Figures.count(entry.getKey().samples())))
        .findFirst();
  }

  private String words() {
    List<String> words = new ArrayList<>();
    words.add(share + " % on " + party.name());
    windows.values().forEach(window -> words.add(window.words()));
    if (balancerBlindSince != 0) {
      words.add("the balancer does not answer");
    }
    if (databaseBlindSince != 0) {
      words.add("the database does not answer");
    }
    return String.join(": ", words);
  }

  private static long blindSince(long before) {
    return before == 0 ? System.nanoTime() : before;
  }

  private static boolean isLong(long since) {
    return System.nanoTime() - since > BLIND.toNanos();
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
