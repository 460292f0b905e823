package dev.halcyon.deploy;

import dev.halcyon.journal.BaselineRecord;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Liquibase's table. A change set's id is not a version, so only those count that name a file of
 * the folder: by the last part of FILENAME, or by an id that is the file's name. Of a file in
 * Liquibase's SQL format all change sets must have run.
 */
final class LiquibaseHistory {
  private static final Pattern CHANGE_SET =
      Pattern.compile("(?im)^\\s*--\\s*changeset\\s+([^\\s:]+):(\\S+)");

  private final ParsedFolder folder;
  private final List<SourceFile> files;
  private final Set<String> names = new HashSet<>();
  private final Map<String, Set<String>> changeSets = new HashMap<>();

  LiquibaseHistory(ParsedFolder folder, List<SourceFile> files) {
    this.folder = folder;
    this.files = List.copyOf(files);
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-603 with every file of which only a part has run
   */
  Baseline read(Session session, String table) {
    var rows =
        session.query(
            "SELECT id, author, filename FROM "
                + Sql.name(table)
                + " WHERE exectype IN ('EXECUTED', 'RERAN', 'MARK_RAN')");
    for (var row : rows) {
      var file = bare(row.string("filename"));
      names.add(file);
      names.add(bare(row.string("id")));
      changeSets
          .computeIfAbsent(file, _ -> new HashSet<>())
          .add(row.string("author") + ":" + row.string("id"));
    }
    refuseParts(table);
    var changes =
        folder.scripts().stream()
            .filter(script -> names.contains(bare(script.file())))
            .map(script -> record(script, table))
            .toList();
    var repeatables =
        folder.repeatables().stream().filter(file -> names.contains(bare(file.file()))).toList();
    return new Baseline(
        changes,
        repeatables,
        List.of(
            Baseline.note(
                "%s: %d change sets, of which %d files of the folder are taken over; the others stay history and need no file."
                    .formatted(table, rows.size(), changes.size() + repeatables.size()))));
  }

  private void refuseParts(String table) {
    var parts = new ArrayList<String>();
    for (var file : files) {
      var ran = changeSets.getOrDefault(bare(file.path()), Set.of());
      var written = changeSets(file);
      var missing = written.stream().filter(one -> !ran.contains(one)).toList();
      if (!ran.isEmpty() && !missing.isEmpty()) {
        parts.add(
            "%s: of %s %d of %d change sets have run, not %s."
                .formatted(
                    table,
                    file.path(),
                    written.size() - missing.size(),
                    written.size(),
                    String.join(", ", missing)));
      }
    }
    if (!parts.isEmpty()) {
      throw Baseline.halfWay(
          parts, "Run liquibase update, or move what has not run into a file of its own");
    }
  }

  private static List<String> changeSets(SourceFile file) {
    return CHANGE_SET
        .matcher(file.text())
        .results()
        .map(found -> found.group(1) + ":" + found.group(2))
        .toList();
  }

  private static BaselineRecord record(Script script, String table) {
    return new BaselineRecord(script.version(), script.description(), script.checksum(), table);
  }

  private static String bare(String name) {
    return name.replaceFirst(".*[/:\\\\]", "").replaceFirst("(?i)\\.sql$", "");
  }
}
