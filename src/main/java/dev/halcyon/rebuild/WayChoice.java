package dev.halcyon.rebuild;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerVersion;
import dev.halcyon.progress.Figures;
import dev.halcyon.sql.AlterClause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way that a change takes, and why not another one. Pure.
 *
 * @param against what stands against each of the other ways that are not taken
 * @param costs of each way that could be had on the server: its time, and what replicas would lag
 * @param reason why this one
 */
public record WayChoice(Way way, String reason, Map<Way, String> against, Map<Way, String> costs) {
  private static final ServerVersion INSTANT_CORRUPTS = new ServerVersion(8, 0, 29);

  /** Of 64 that MySQL allows, 255 from 9.1 on. */
  private static final long MANY_ROW_VERSIONS = 56;

  /** Beyond this the rebuild is better than MariaDB's copy: it gives way, and can go on. */
  private static final Duration LONG_COPY = Duration.ofMinutes(1);

  public WayChoice {
    against = Map.copyOf(against);
    costs = Map.copyOf(costs);
  }

  /**
   * @param refused why the server, or the rebuild, does not take a way
   * @param wanted the way that the user insists on, null for the best
   * @throws Refusal HAL-306 when nothing is left, HAL-301 when the wanted one is not safe
   */
  static WayChoice of(WayFacts facts, Map<Way, String> refused, @Nullable Way wanted) {
    var against = new EnumMap<Way, String>(Way.class);
    for (var way : Way.values()) {
      Optional.ofNullable(refused.get(way))
          .map(words -> way == Way.REBUILD ? words : "the server refuses it: " + words)
          .or(() -> unsafe(way, facts))
          .ifPresent(reason -> against.put(way, reason));
    }
    var costs = new EnumMap<Way, String>(Way.class);
    for (var way : Way.values()) {
      if (!refused.containsKey(way)) {
        costs.put(way, cost(way, facts));
      }
    }
    if (wanted != null) {
      var reason = against.get(wanted);
      if (reason != null) {
        throw ErrorCode.NOT_SUPPORTED.refuse(
            "The change cannot be made by the way %s: %s".formatted(wanted.label(), reason),
            "Leave --way out; \"halcyon alter --dry-run\" shows what can be had.");
      }
      return new WayChoice(wanted, "you asked for it", against, costs);
    }
    var way =
        preferred(facts).stream()
            .filter(w -> !against.containsKey(w))
            .findFirst()
            .orElseThrow(() -> none(against));
    return new WayChoice(way, reason(way, facts), against, costs);
  }

  /** For people: the way, why, what the others would cost, and what stands against them. */
  public String text() {
    var text = new StringBuilder(way.label()).append(": ").append(reason).append('\n');
    for (var other : Way.values()) {
      var reasonAgainst = against.get(other);
      if (reasonAgainst != null) {
        text.append("  not ").append(other.label()).append(": ").append(reasonAgainst).append('\n');
      }
      var cost = costs.get(other);
      if (cost != null) {
        text.append(reasonAgainst == null ? "  " + other.label() + " takes " : "    it takes ")
            .append(cost)
            .append('\n');
      }
    }
    return text.toString();
  }

  /** Time and lag, roughly. */
  private static String cost(Way way, WayFacts facts) {
    var lag = facts.replicas() ? "replicas would be behind by as much" : "no replica is known";
    return switch (way) {
      case INSTANT -> "a moment, on replicas too";
      case IN_PLACE, ONLINE_COPY -> "about %s; %s".formatted(time(facts), lag);
      case REBUILD ->
          "about %s, longer under load, and %s of disk; replicas follow"
              .formatted(time(facts), Figures.bytes(Suitability.space(facts.bytes())));
      case COPY -> "about %s, for which writers wait; %s".formatted(time(facts), lag);
    };
  }

  private static List<Way> preferred(WayFacts facts) {
    var ways = new ArrayList<>(List.of(Way.values()));
    if (facts.estimate().compareTo(LONG_COPY) > 0) {
      ways.remove(Way.ONLINE_COPY);
      ways.add(ways.indexOf(Way.REBUILD) + 1, Way.ONLINE_COPY);
    }
    return ways;
  }

  private static Optional<String> unsafe(Way way, WayFacts facts) {
    return switch (way) {
      case INSTANT -> untrusted(facts);
      case IN_PLACE, ONLINE_COPY -> lagging(facts);
      case REBUILD -> Optional.empty();
      case COPY ->
          facts.rows() > facts.limits().copyRows()
              ? Optional.of(
                  "writers would wait for about %s; copy-rows allows this for %d rows, there are"
                          .formatted(time(facts), facts.limits().copyRows())
                      + " about "
                      + facts.rows())
              : lagging(facts);
    };
  }

  private static Optional<String> lagging(WayFacts facts) {
    if (!facts.replicas() || facts.estimate().compareTo(facts.limits().mostLag()) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "replicas would stand still for about %s, max-lag is %s"
            .formatted(time(facts), Figures.duration(facts.limits().mostLag())));
  }

  private static Optional<String> untrusted(WayFacts facts) {
    var columns =
        facts.clauses().stream()
            .anyMatch(
                c -> c instanceof AlterClause.AddColumn || c instanceof AlterClause.DropColumn);
    if (facts.engine() != Engine.MYSQL || !columns) {
      return Optional.empty();
    }
    if (facts.version().equals(INSTANT_CORRUPTS)) {
      return Optional.of("MySQL 8.0.29 can corrupt a table by it");
    }
    if (facts.rowVersions() >= MANY_ROW_VERSIONS && !facts.version().atLeast(9, 1, 0)) {
      return Optional.of("the table has %d row versions of 64".formatted(facts.rowVersions()));
    }
    if (facts.clauses().stream().anyMatch(WayChoice::moves)) {
      return Optional.of(
          "columns that come or go together with one that moves are said to corrupt a table");
    }
    return Optional.empty();
  }

  private static boolean moves(AlterClause clause) {
    return switch (clause) {
      case AlterClause.ModifyColumn modify -> !modify.position().isEmpty();
      case AlterClause.ChangeColumn change -> !change.position().isEmpty();
      default -> false;
    };
  }

  private static String reason(Way way, WayFacts facts) {
    return switch (way) {
      case INSTANT -> "only the catalogue changes; readers and writers wait for a moment";
      case IN_PLACE ->
          "the server does it beside readers and writers, in about %s".formatted(time(facts));
      case ONLINE_COPY ->
          "MariaDB copies the table beside readers and writers, in about %s".formatted(time(facts));
      case REBUILD ->
          "the table is copied beside readers and writers, in about %s and slower when others need"
                  .formatted(time(facts))
              + " the server; replicas follow";
      case COPY -> "the table is small: writers wait for about %s".formatted(time(facts));
    };
  }

  private static String time(WayFacts facts) {
    var time = facts.estimate();
    return time.compareTo(Duration.ofSeconds(1)) < 0 ? "a second" : Figures.duration(time);
  }

  private static Refusal none(Map<Way, String> against) {
    return new Refusal(
        ExitStatus.FINDINGS,
        against.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                e ->
                    Finding.error(
                        ErrorCode.REBUILD_NEEDED.code(),
                        null,
                        "No way is left; not %s: %s".formatted(e.getKey().label(), e.getValue()),
                        "Mend what stands against one of the ways."))
            .toList());
  }
}
