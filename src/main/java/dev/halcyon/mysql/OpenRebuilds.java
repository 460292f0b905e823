package dev.halcyon.mysql;

import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;

/** Rebuilds of tables that have begun and not ended, in every schema of a server. */
public final class OpenRebuilds {
  /** Each schema's table of them, a row each. */
  public static final String TABLE = "halcyon_rebuild";

  private static final int NO_SUCH_TABLE = 1146;

  private OpenRebuilds() {}

  /** The tables that they are of, {@code schema.table}, sorted. */
  public static List<String> of(Session session) {
    var tables = new ArrayList<String>();
    for (var row :
        session.query(
            "SELECT table_schema AS name FROM information_schema.tables WHERE table_name = ?"
                + " ORDER BY 1",
            TABLE)) {
      tables.addAll(in(session, row.string("name")));
    }
    return tables;
  }

  private static List<String> in(Session session, String schema) {
    try {
      return session
          .query("SELECT name FROM %s.%s ORDER BY 1".formatted(Sql.name(schema), TABLE))
          .stream()
          .map(row -> schema + "." + row.string("name"))
          .toList();
    } catch (Fault.Refused refused) {
      if (refused.code() == NO_SUCH_TABLE) {
        // The last of them has just ended.
        return List.of();
      }
      throw refused;
    }
  }
}
