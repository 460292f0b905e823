package dev.halcyon.deploy;

import dev.halcyon.journal.JournalReader;
import dev.halcyon.journal.JournalTables;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Phase;
import dev.halcyon.mysql.Session;
import dev.halcyon.plan.PlanJson;
import dev.halcyon.usage.Look;
import dev.halcyon.usage.Source;
import dev.halcyon.usage.Usage;
import dev.halcyon.usage.UsageReport;
import dev.halcyon.usage.UsageSettings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Says what is still used; takes no lease, so that it answers while a run works. */
final class UsageReading {
  private final DeploySettings settings;
  private final UsageSettings sources;

  /**
   * @param logs who is asked beside those of the settings
   */
  UsageReading(DeploySettings settings, List<Source> logs) {
    this.settings = settings;
    this.sources = settings.usage().and(logs);
  }

  /**
   * @param named {@code table} or {@code table.column}; none means what the contracts of open
   *     windows would take away
   */
  UsageReport report(List<String> named, Duration period) {
    try (var session = settings.server().open("usage")) {
      var usage = usage(session);
      if (!named.isEmpty()) {
        var names = new LinkedHashSet<String>();
        named.forEach(name -> names.addAll(expanded(usage, name)));
        return usage.report(names, period, Set.of());
      }
      JournalTables.check(session);
      var names = new TreeSet<String>();
      var seenTo = new TreeSet<String>();
      var reader = new JournalReader(session);
      for (var record : reader.changes()) {
        if (Windows.contractible(record)) {
          var plan = PlanJson.read(reader.plan(record.version()));
          var away = new GoingAway(plan, Phase.CONTRACT);
          names.addAll(away.names());
          seenTo.addAll(away.seenTo());
        }
      }
      return usage.report(names, period, seenTo);
    }
  }

  /** Keeps what the sources know now, and from now on. */
  List<Look.Missing> sample() {
    try (var session = settings.server().open("usage")) {
      JournalTables.check(session);
      return usage(session).begin();
    }
  }

  private static List<String> expanded(Usage usage, String name) {
    var names = usage.names(name);
    if (names.isEmpty()) {
      throw ErrorCode.NAME_UNKNOWN.refuse(
          "There is no table or column " + name + ".", "Name it as users or users.email.");
    }
    return names;
  }

  private Usage usage(Session session) {
    return new Usage(sources, session, settings.server().schema());
  }
}
