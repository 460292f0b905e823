package dev.halcyon.deploy;

import dev.halcyon.journal.BaselineRecord;
import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.journal.JournalReader;
import dev.halcyon.journal.JournalTables;
import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.ScriptParser;
import dev.halcyon.sql.SourceFile;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a schema ready for Halcyon. Repeating it takes over only what is new. */
final class Initialisation {
  private final DeploySettings settings;

  Initialisation(DeploySettings settings) {
    this.settings = settings;
  }

  Outcome run() {
    var server = settings.server();
    var files = files();
    var folder = ScriptParser.parse(server.engine(), server.schema(), files);
    try (var session = server.open("init")) {
      // First, because it may refuse, and then nothing is to be changed.
      var baseline = Baseline.read(session, folder, files);
      create(session);
      try (var run = Run.open(settings)) {
        var fresh = unknown(run, baseline.changes());
        run.journal().baseline(fresh);
        var applied = run.journal().read(JournalReader::repeatables);
        baseline.repeatables().stream()
            .filter(file -> applied.stream().noneMatch(r -> r.name().equals(file.name())))
            .forEach(file -> run.journal().applied(file.name(), file.checksum()));
        return outcome(fresh, baseline);
      }
    }
  }

  /** A project may begin without a folder. */
  private List<SourceFile> files() {
    return Files.isDirectory(settings.migrations())
        ? MigrationsFolder.read(settings.migrations())
        : List.of();
  }

  private static void create(Session session) {
    try {
      JournalTables.create(session);
    } catch (Fault.Refused refused) {
      ServerReadiness.explain(session, refused);
      throw refused;
    }
  }

  private static List<BaselineRecord> unknown(Run run, List<BaselineRecord> changes) {
    Set<Version> known =
        run.journal().read(JournalReader::changes).stream()
            .map(ChangeRecord::version)
            .collect(Collectors.toSet());
    return changes.stream().filter(change -> !known.contains(change.version())).toList();
  }

  private Outcome outcome(List<BaselineRecord> fresh, Baseline baseline) {
    var message =
        "schema %s is ready, %d changes taken over"
            .formatted(settings.server().schema(), fresh.size());
    var changes =
        fresh.stream()
            .map(c -> new Outcome.Change(c.version(), c.description(), ChangeState.CONTRACTED))
            .toList();
    return new Outcome(ExitStatus.DONE, message, baseline.notes(), changes);
  }
}
