package dev.halcyon.cli;

import dev.halcyon.deploy.Deployment;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.mysql.Fault;
import dev.halcyon.usage.Look;
import dev.halcyon.usage.Source;
import dev.halcyon.usage.UsageReport;
import dev.halcyon.usage.UsageText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code halcyon usage}. */
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = {
      "Says which statements still use tables and columns, and since when everybody was watched.",
      "Exit status 1 if something is in use, or if it is not known."
    })
final class UsageCommand implements Action {
  private static final int SHOWN_USERS = 5;
  private static final Duration LOOK = Duration.ofMillis(200);

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = {
        "Tables and columns: users, users.email; none: what the contracts of open windows would",
        "take away."
      })
  private List<String> names = List.of();

  @Option(
      names = "--since",
      paramLabel = "<time>",
      defaultValue = "7d",
      description = "How far back: 7d, 12h. Without it 7d.")
  private Duration since = Duration.ofDays(7);

  @Option(names = "--sample", description = "Keep what is known now, and say nothing else.")
  private boolean sample;

  @Option(
      names = "--watch",
      paramLabel = "<time>",
      description = "Keep what is known now, and again each time that this has passed: 60s.")
  private @Nullable Duration watch;

  @Option(
      names = "--log",
      paramLabel = "<file>",
      arity = "1..*",
      description = "A general or slow log of the server to read, too; --sample keeps it.")
  private List<Path> logs = List.of();

  @Override
  public Answer act(Invocation invocation) {
    var every = watch;
    if (every != null) {
      return Workplace.run(invocation, deployment -> watch(deployment, invocation, every));
    }
    return Workplace.use(
        invocation,
        place ->
            sample
                ? kept(place.deployment().watchUsage(logs(invocation, place)))
                : answer(place.deployment().usage(names, since, logs(invocation, place))));
  }

  private List<Source> logs(Invocation invocation, Workplace place) {
    return logs.stream()
        .<Source>map(
            log ->
                new LogRecord(
                    invocation.folder().resolve(log), log.toString(), place.server().schema()))
        .toList();
  }

  private static Answer watch(Deployment deployment, Invocation invocation, Duration every) {
    var latest = deployment.watchUsage(List.of());
    long next = System.nanoTime() + every.toNanos();
    while (!invocation.stop().requested()) {
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        return kept(latest);
      }
      if (System.nanoTime() >= next) {
        latest = again(deployment, invocation, latest);
        next = System.nanoTime() + every.toNanos();
      }
    }
    return kept(latest);
  }

  /** A server that is away for a while does not end the watch. */
  private static List<Look.Missing> again(
      Deployment deployment, Invocation invocation, List<Look.Missing> latest) {
    try {
      return deployment.watchUsage(List.of());
    } catch (Fault.Refused refused) {
      throw refused;
    } catch (Fault passing) {
      invocation.console().err().println("not kept this time: " + passing.getMessage());
      return latest;
    }
  }

  private static Answer kept(List<Look.Missing> missing) {
    var fields = Map.<String, Object>of("missing", missing(missing));
    return missing.isEmpty()
        ? Answer.done("kept\n", fields)
        : new Answer(ExitStatus.FINDINGS, "kept\n", words(missing), fields);
  }

  private static String words(List<Look.Missing> missing) {
    return missing.stream()
        .map(m -> m.why() + "\n" + (m.remedy().isEmpty() ? "" : "    " + m.remedy() + "\n"))
        .distinct()
        .collect(Collectors.joining());
  }

  private static Answer answer(UsageReport report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("now", report.now().toString());
    fields.put("period", report.period().toString());
    var watchedSince = report.watchedSince();
    if (watchedSince != null) {
      fields.put("watchedSince", watchedSince.toString());
    }
    fields.put("missing", missing(report.missing()));
    fields.put("elements", report.elements().stream().map(UsageCommand::fields).toList());
    fields.put(
        "traffic",
        report.traffic().stream()
            .map(t -> Map.of("table", t.table(), "reads", t.reads(), "writes", t.writes()))
            .toList());
    boolean unknown =
        report.elements().stream().anyMatch(e -> e.verdict() == UsageReport.Verdict.UNKNOWN);
    return new Answer(
        report.unused() ? ExitStatus.DONE : ExitStatus.FINDINGS,
        text(report),
        unknown ? UsageText.remedy(report) + "\n" : "",
        fields);
  }

  private static String text(UsageReport report) {
    if (report.elements().isEmpty()) {
      return "no contract would take anything away\n";
    }
    var text = new StringBuilder();
    for (var element : report.elements()) {
      text.append(element.name()).append(": ").append(word(element.verdict())).append('\n');
      element.users().stream()
          .limit(SHOWN_USERS)
          .forEach(user -> text.append("    ").append(UsageText.line(user)).append('\n'));
      if (element.users().size() > SHOWN_USERS) {
        text.append("    and ").append(element.users().size() - SHOWN_USERS).append(" more\n");
      }
    }
    for (var traffic : report.traffic()) {
      text.append(
          "%s: %d rows read and %d written by anybody, Halcyon too, since the server counts%n"
              .formatted(traffic.table(), traffic.reads(), traffic.writes()));
    }
    return text.append(UsageText.watched(report)).append('\n').toString();
  }

  private static String word(UsageReport.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static List<Map<String, Object>> missing(List<Look.Missing> missing) {
    return missing.stream()
        .map(m -> Map.<String, Object>of("why", m.why(), "remedy", m.remedy()))
        .toList();
  }

  private static Map<String, Object> fields(UsageReport.Element element) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", element.name());
    fields.put("verdict", word(element.verdict()));
    fields.put("users", element.users().stream().map(UsageCommand::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(UsageReport.User user) {
    var fields = new LinkedHashMap<String, Object>();
    var seen = user.seen();
    fields.put("text", seen.text());
    fields.put("certain", user.certain());
    fields.put("source", user.source());
    fields.put("schema", seen.inForce());
    fields.put("user", seen.user());
    fields.put("hosts", seen.hosts());
    fields.put("count", seen.count());
    fields.put("firstSeen", seen.first().toString());
    fields.put("lastSeen", seen.last().toString());
    return fields;
  }
}
