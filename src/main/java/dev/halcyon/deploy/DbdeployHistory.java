package dev.halcyon.deploy;

import dev.halcyon.journal.BaselineRecord;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Sql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of dbdeploy: its change numbers are versions. */
final class DbdeployHistory {
  private DbdeployHistory() {}

  static Baseline read(Session session, String table, ParsedFolder folder) {
    // dbdeploy 3 writes a row when a change has ended, older ones when it begins.
    var ended =
        session
            .first(
                "SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()"
                    + " AND table_name = ? AND column_name = 'complete_dt'",
                table)
            .map(row -> " WHERE complete_dt IS NOT NULL")
            .orElse("");
    var changes =
        session
            .query(
                "SELECT change_number, description FROM "
                    + Sql.name(table)
                    + ended
                    + " ORDER BY change_number")
            .stream()
            .map(
                row ->
                    record(
                        folder,
                        new Version(row.number("change_number").toPlainString()),
                        row.stringOrNull("description"),
                        table))
            .toList();
    var note = Baseline.note("%s: %d changes taken over.".formatted(table, changes.size()));
    return new Baseline(changes, List.of(), List.of(note));
  }

  private static BaselineRecord record(
      ParsedFolder folder, Version version, @Nullable String description, String table) {
    var checksum =
        folder.scripts().stream()
            .filter(script -> script.version().equals(version))
            .map(Script::checksum)
            .findFirst();
    return new BaselineRecord(
        version, description == null ? "" : description, checksum.orElse(null), table);
  }
}
