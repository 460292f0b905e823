package dev.halcyon.deploy;

import dev.halcyon.journal.BaselineRecord;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Sql;
import java.util.HashSet;
import java.util.List;

/**
 * Liquibase's table. A change set's id is not a version, so only those count that name a file of
 * the folder: by the last part of FILENAME, or by an id that is the file's name.
 */
final class LiquibaseHistory {
  private LiquibaseHistory() {}

  static Baseline read(Session session, String table, ParsedFolder folder) {
    var names = new HashSet<String>();
    var rows =
        session.query(
            "SELECT id, filename FROM "
                + Sql.name(table)
                + " WHERE exectype IN ('EXECUTED', 'RERAN', 'MARK_RAN')");
    for (var row : rows) {
      names.add(bare(row.string("filename")));
      names.add(bare(row.string("id")));
    }
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

  private static BaselineRecord record(Script script, String table) {
    return new BaselineRecord(script.version(), script.description(), script.checksum(), table);
  }

  private static String bare(String name) {
    return name.replaceFirst(".*[/:\\\\]", "").replaceFirst("(?i)\\.sql$", "");
  }
}
