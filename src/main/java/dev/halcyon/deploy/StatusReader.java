package dev.halcyon.deploy;

import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.journal.JournalReader;
import dev.halcyon.journal.JournalTables;
import dev.halcyon.journal.StepRecord;
import dev.halcyon.model.ChangeState;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.rollout.ReleaseStatus;
import dev.halcyon.sql.Script;
import dev.halcyon.usage.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the status; takes no lease, so that it answers while a run works. */
final class StatusReader {
  private static final Logger log = LoggerFactory.getLogger(StatusReader.class);

  private StatusReader() {}

  static Status read(DeploySettings settings) {
    var folder = MigrationsFolder.parse(settings.migrations(), settings.server());
    try (var session = settings.server().open("status")) {
      JournalTables.check(session);
      sample(settings, session);
      var reader = new JournalReader(session);
      var records = reader.changes();
      var selection = new Selection(folder, Untouched.without(reader));
      var known = records.stream().map(ChangeRecord::version).collect(Collectors.toSet());
      var steps = reader.steps().stream().collect(Collectors.groupingBy(StepRecord::version));
      var changes = new ArrayList<Status.Change>();
      records.forEach(record -> changes.add(begun(record, steps)));
      folder.scripts().stream()
          .filter(script -> !known.contains(script.version()))
          .forEach(script -> changes.add(pending(script)));
      changes.sort(Comparator.comparing(Status.Change::version));
      return new Status(
          changes,
          objects(session),
          reader.holder().orElse(null),
          ReleaseStatus.latest(session).orElse(null),
          selection.changedFiles());
    }
  }

  /** Each look helps; to be asked for the status, an account need not be able to write. */
  private static void sample(DeploySettings settings, Session session) {
    var usage = new Usage(settings.usage(), session, settings.server().schema());
    if (usage.begun()) {
      try {
        var _ = usage.sample();
      } catch (Fault.Refused refused) {
        log.debug("What is in use was not looked at", refused);
      }
    }
  }

  private static Status.Change begun(ChangeRecord record, Map<Version, List<StepRecord>> steps) {
    return new Status.Change(
        record.version(),
        record.description(),
        record.state(),
        record.checksum(),
        record.source(),
        steps.getOrDefault(record.version(), List.of()).stream()
            .map(
                step ->
                    new Status.Step(
                        step.id(),
                        step.phase(),
                        step.title(),
                        step.state(),
                        step.rowsDone(),
                        step.error(),
                        step.startedAt(),
                        step.finishedAt()))
            .toList());
  }

  private static Status.Change pending(Script script) {
    return new Status.Change(
        script.version(),
        script.description(),
        ChangeState.PENDING,
        script.checksum(),
        null,
        List.of());
  }

  private static List<String> objects(Session session) {
    return session
        .query(
            """
            SELECT CONCAT(IF(table_type = 'VIEW', 'view ', 'table '), table_name) AS name
              FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_name REGEXP '^(halcyon|hal)_'
            UNION ALL SELECT CONCAT('trigger ', trigger_name) FROM information_schema.triggers
             WHERE trigger_schema = DATABASE() AND trigger_name REGEXP '^(halcyon|hal)_'
            UNION ALL SELECT CONCAT('schema ', schema_name) FROM information_schema.schemata
             WHERE schema_name REGEXP '^halcyon_scratch_'
            ORDER BY 1
            """)
        .stream()
        .map(row -> row.string("name"))
        .toList();
  }
}
