package dev.halcyon.deploy;

import dev.halcyon.journal.BaselineRecord;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.Repeatable;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Sql;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Flyway's table. Rows are read in the order in which they were installed: an undo or a deletion
 * takes its version back, a baseline stands for every file up to its version. A version that has
 * failed there is neither done nor undone, since the server takes no schema statement back; a
 * repeatable that has failed is to be applied anyway.
 */
final class FlywayHistory {
  private final ParsedFolder folder;
  private final Map<String, SourceFile> files;
  private final TreeMap<Version, BaselineRecord> changes = new TreeMap<>();
  private final Map<String, Repeatable> repeatables = new TreeMap<>();
  private final TreeMap<Version, String> failed = new TreeMap<>();
  private final List<Finding> notes = new ArrayList<>();

  FlywayHistory(ParsedFolder folder, List<SourceFile> files) {
    this.folder = folder;
    this.files = files.stream().collect(Collectors.toMap(SourceFile::path, Function.identity()));
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-603 with every version that has failed
   */
  Baseline read(Session session, String table) {
    for (var row :
        session.query(
            "SELECT version, description, type, script, checksum, success FROM "
                + Sql.name(table)
                + " ORDER BY installed_rank")) {
      if (row.isNull("version")) {
        repeatable(row);
      } else {
        version(row, table);
      }
    }
    if (!failed.isEmpty()) {
      throw Baseline.halfWay(
          failed.entrySet().stream()
              .map(e -> "%s: %s (%s) has failed.".formatted(table, e.getKey(), e.getValue()))
              .toList(),
          "Undo or finish by hand what it has done, run flyway repair");
    }
    notes.add(
        Baseline.note(
            "%s: %d changes and %d repeatable files taken over."
                .formatted(table, changes.size(), repeatables.size())));
    return new Baseline(List.copyOf(changes.values()), List.copyOf(repeatables.values()), notes);
  }

  private void version(Row row, String table) {
    var text = row.string("version");
    if (!text.matches("\\d+([._]\\d+)*")) {
      notes.add(Baseline.note(table + ": " + text + " is not a version of numbers; left out."));
      return;
    }
    var version = Version.parse(text);
    if (!row.isTrue("success")) {
      failed.put(version, row.string("script"));
      return;
    }
    failed.remove(version);
    var type = row.string("type").toUpperCase(Locale.ROOT);
    if (type.startsWith("UNDO") || type.equals("DELETE")) {
      changes.remove(version);
    } else if (type.endsWith("BASELINE")) {
      folder.scripts().stream()
          .filter(script -> script.version().compareTo(version) <= 0)
          .forEach(script -> take(script, table));
      changes.putIfAbsent(version, without(version, row, table));
    } else {
      folder.scripts().stream()
          .filter(script -> script.version().equals(version))
          .findFirst()
          .ifPresentOrElse(
              script -> {
                take(script, table);
                noteIfChanged(script, row);
              },
              () -> changes.put(version, without(version, row, table)));
    }
  }

  private void take(Script script, String table) {
    changes.put(
        script.version(),
        new BaselineRecord(script.version(), script.description(), script.checksum(), table));
  }

  private static BaselineRecord without(Version version, Row row, String table) {
    return new BaselineRecord(version, row.string("description"), null, table);
  }

  private void noteIfChanged(Script script, Row row) {
    if (!row.isNull("checksum") && row.longValue("checksum") != checksum(script.file())) {
      notes.add(
          Finding.warning(
              ErrorCode.CHECKSUM_CHANGED.code(),
              null,
              script.file() + " is not the text that Flyway applied.",
              "Compare the two; Halcyon takes the file as it is now for what was applied."));
    }
  }

  /** One whose text has changed since is left out, so that the next expand applies it. */
  private void repeatable(Row row) {
    var file = row.string("script").replaceFirst(".*/", "");
    for (var candidate : folder.repeatables()) {
      if (candidate.file().replaceFirst(".*/", "").equals(file)) {
        repeatables.remove(candidate.name());
        var applied = row.isTrue("success") && !row.string("type").equals("DELETE");
        var same =
            !row.isNull("checksum") && row.longValue("checksum") == checksum(candidate.file());
        if (applied && same) {
          repeatables.put(candidate.name(), candidate);
        }
      }
    }
  }

  /** Flyway's own measure: CRC-32 over the lines without their ends. */
  private long checksum(String path) {
    var file = files.get(path);
    var crc = new CRC32();
    if (file != null) {
      file.text().lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    }
    return (int) crc.getValue();
  }
}
