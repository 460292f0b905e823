package dev.halcyon.usage;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.usage.UsageReport.Element;
import dev.halcyon.usage.UsageReport.User;
import dev.halcyon.usage.UsageReport.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is known of use, in words. */
public final class UsageText {
  private static final int SHOWN_USERS = 3;
  private static final int SHOWN_CHARACTERS = 300;

  private UsageText() {}

  /** Why a gate is closed: what is in use, and what is not known; empty when it is open. */
  public static List<Finding> closed(String version, UsageReport report) {
    var findings = new ArrayList<Finding>();
    for (var element : report.elements()) {
      if (element.verdict() == Verdict.IN_USE) {
        findings.add(inUse(version, report, element));
      }
    }
    var unknown =
        report.elements().stream()
            .filter(element -> element.verdict() == Verdict.UNKNOWN)
            .map(Element::name)
            .toList();
    if (!unknown.isEmpty()) {
      findings.add(unknown(version, report, unknown));
    }
    return findings;
  }

  private static Finding inUse(String version, UsageReport report, Element element) {
    var users =
        element.users().stream()
            .limit(SHOWN_USERS)
            .map(user -> "\n  " + line(user))
            .collect(Collectors.joining());
    int more = element.users().size() - SHOWN_USERS;
    return Finding.error(
        ErrorCode.GATE_CLOSED.code(),
        null,
        "%s: %s was used in the last %s:%s%s"
            .formatted(
                version,
                element.name(),
                words(report.period()),
                users,
                more > 0 ? "\n  and " + more + " more" : ""),
        "Change what sends it, and let %s pass. To see all of it: halcyon usage %s"
            .formatted(words(report.period()), element.name()));
  }

  private static Finding unknown(String version, UsageReport report, List<String> names) {
    return Finding.error(
        ErrorCode.USAGE_UNKNOWN.code(),
        null,
        "%s: it is not known whether %s was used in the last %s: %s"
            .formatted(version, String.join(", ", names), words(report.period()), watched(report)),
        remedy(report));
  }

  /** Since when everything was watched, and what is missed. */
  public static String watched(UsageReport report) {
    var since = report.watchedSince();
    var text =
        since == null
            ? report.missing().isEmpty()
                ? "the watch has only just begun."
                : "not everything is watched."
            : "everything has been watched for %2$s, since %1$s UTC."
                .formatted(time(since), words(Duration.between(since, report.now())));
    return text
        + report.missing().stream()
            .map(m -> "\n  " + m.why())
            .distinct()
            .collect(Collectors.joining());
  }

  /** The next thing to do for what is not known. */
  public static String remedy(UsageReport report) {
    var since = report.watchedSince();
    var sources = report.missing().stream().map(Look.Missing::remedy).distinct().toList();
    if (since != null && (sources.isEmpty() || since.isBefore(report.now()))) {
      var left = report.period().minus(Duration.between(since, report.now()));
      return "Look again in "
          + words(left.isNegative() ? Duration.ZERO : left)
          + ", and meanwhile let halcyon usage --watch 60s keep what it sees."
          + sources.stream().map(r -> "\n" + r).collect(Collectors.joining());
    }
    return sources.isEmpty() ? "halcyon usage --watch 60s" : String.join("\n", sources);
  }

  /** One statement: when, how often, by whom, its text. */
  public static String line(User user) {
    var seen = user.seen();
    var who =
        seen.user().isEmpty()
            ? ""
            : " by " + seen.user() + (seen.hosts().isEmpty() ? "" : "@" + seen.hosts());
    return "last %s UTC, %d times%s (%s)%s: %s"
        .formatted(
            time(seen.last()),
            seen.count(),
            who,
            user.source(),
            user.certain() ? "" : ", could use anything",
            shown(seen));
  }

  private static String shown(Seen seen) {
    if (seen.text().isEmpty()) {
      return "a statement whose text is not known";
    }
    var text = seen.text().replaceAll("\\s+", " ");
    return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + " ..." : text;
  }

  /** {@code 2026-11-21 23:10:05}, in UTC. */
  public static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", "");
  }

  /** {@code 7 d}, {@code 1 h 10 min}, {@code 5 s}. */
  public static String words(Duration time) {
    var parts = new ArrayList<String>();
    add(parts, time.toDays(), "d");
    add(parts, time.toHoursPart(), "h");
    add(parts, time.toMinutesPart(), "min");
    if (parts.size() < 2) {
      add(parts, time.toSecondsPart(), "s");
    }
    return parts.isEmpty() ? "0 s" : String.join(" ", parts.subList(0, Math.min(2, parts.size())));
  }

  private static void add(List<String> parts, long number, String unit) {
    if (number > 0) {
      parts.add(String.format(Locale.ROOT, "%d %s", number, unit));
    }
  }
}
