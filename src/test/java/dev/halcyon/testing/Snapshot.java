package dev.halcyon.testing;

import java.util.Objects;
import java.util.Set;

/** A schema's definitions and rows as text. */
final class Snapshot {
  private static final Set<String> JOURNAL =
      Set.of(
          "halcyon_expand_version",
          "halcyon_contract_version",
          "halcyon_step",
          "halcyon_repeatable",
          "halcyon_lease");

  private final Database database;
  private final StringBuilder text = new StringBuilder();

  private Snapshot(Database database) {
    this.database = database;
  }

  static String of(Database database) {
    var snapshot = new Snapshot(database);
    snapshot.tables();
    snapshot.triggers();
    snapshot.routines();
    return snapshot.text.toString().replace(database.schema(), "<schema>");
  }

  private void tables() {
    for (var row :
        database.query(
            "SELECT table_name, table_type FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() ORDER BY table_name")) {
      var name = Objects.toString(row.get(0));
      if ("VIEW".equals(row.get(1))) {
        definition("SHOW CREATE VIEW `" + name + "`", 1);
        continue;
      }
      definition("SHOW CREATE TABLE `" + name + "`", 1);
      if (!JOURNAL.contains(name)) {
        database.strings("SELECT * FROM `" + name + "`").stream()
            .sorted()
            .forEach(line -> text.append("  ").append(line).append('\n'));
      }
    }
  }

  /** In the order in which they fire. */
  private void triggers() {
    for (var name :
        database.strings(
            "SELECT trigger_name FROM information_schema.triggers"
                + " WHERE trigger_schema = DATABASE() ORDER BY event_object_table,"
                + " action_timing, event_manipulation, action_order")) {
      definition("SHOW CREATE TRIGGER `" + name + "`", 2);
    }
  }

  private void routines() {
    for (var row :
        database.query(
            "SELECT routine_type, routine_name FROM information_schema.routines"
                + " WHERE routine_schema = DATABASE() ORDER BY routine_type, routine_name")) {
      definition("SHOW CREATE " + row.get(0) + " `" + row.get(1) + "`", 2);
    }
  }

  private void definition(String show, int column) {
    var sql = Objects.toString(database.query(show).getFirst().get(column));
    text.append(sql.replaceAll(" AUTO_INCREMENT=\\d+", "")).append('\n');
  }
}
