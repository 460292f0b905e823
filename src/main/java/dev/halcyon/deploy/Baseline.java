package dev.halcyon.deploy;

import dev.halcyon.journal.BaselineRecord;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.Repeatable;
import dev.halcyon.sql.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What other tools have applied to a schema, as their own tables tell it.
 *
 * @param changes count as contracted from now on
 * @param repeatables are as they were applied
 * @param notes what was found, and what to look at
 */
record Baseline(List<BaselineRecord> changes, List<Repeatable> repeatables, List<Finding> notes) {
  Baseline {
    changes = List.copyOf(changes);
    repeatables = List.copyOf(repeatables);
    notes = List.copyOf(notes);
  }

  /**
   * Of all tools whose table is in the schema.
   *
   * @throws dev.halcyon.model.Refusal HAL-603 when a tool has left a change half-way
   */
  static Baseline read(Session session, ParsedFolder folder, List<SourceFile> files) {
    var changes = new ArrayList<BaselineRecord>();
    var repeatables = new ArrayList<Repeatable>();
    var notes = new ArrayList<Finding>();
    var all =
        List.of(
            table(session, "flyway_schema_history", "installed_rank")
                .map(name -> new FlywayHistory(folder, files).read(session, name)),
            table(session, "DATABASECHANGELOG", "orderexecuted")
                .map(name -> new LiquibaseHistory(folder, files).read(session, name)),
            table(session, "changelog", "change_number")
                .map(name -> DbdeployHistory.read(session, name, folder)));
    for (var one : all) {
      one.ifPresent(
          found -> {
            changes.addAll(found.changes);
            repeatables.addAll(found.repeatables);
            notes.addAll(found.notes);
          });
    }
    return new Baseline(changes, repeatables, notes);
  }

  /**
   * A tool has begun and not ended what these words name: neither done nor pending.
   *
   * @param remedy what ends it, before {@code halcyon init} is typed again
   */
  static Refusal halfWay(List<String> words, String remedy) {
    return new Refusal(
        ErrorCode.STATE_WRONG.exitStatus(),
        words.stream()
            .map(
                text ->
                    Finding.error(
                        ErrorCode.STATE_WRONG.code(), null, text, remedy + ", then halcyon init."))
            .toList());
  }

  static Finding note(String message) {
    return Finding.information("baseline", null, message, "");
  }

  /** The table's name as the server spells it, when it has the column that tells whose it is. */
  private static Optional<String> table(Session session, String table, String column) {
    return session
        .first(
            "SELECT table_name AS name FROM information_schema.columns WHERE table_schema ="
                + " DATABASE() AND LOWER(table_name) = LOWER(?) AND LOWER(column_name) = ?",
            table,
            column)
        .map(row -> row.string("name"));
  }
}
