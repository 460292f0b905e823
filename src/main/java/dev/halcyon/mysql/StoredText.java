package dev.halcyon.mysql;

import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * A view or a program as the server keeps it.
 *
 * @param name with its schema if that is another one than the schema that was asked for
 * @param table the table of a trigger, else empty
 */
public record StoredText(Kind kind, String name, String table, String text) {
  /** What a text belongs to. */
  public enum Kind {
    VIEW("view"),
    TRIGGER("trigger"),
    ROUTINE("routine"),
    EVENT("event");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * All texts of a schema that the account may see, and the views of other schemas that name it.
   */
  public static List<StoredText> all(Session session, String schema) {
    var found = new ArrayList<StoredText>();
    read(
        session,
        Kind.VIEW,
        found,
        "SELECT IF(table_schema = ?, table_name, CONCAT(table_schema, '.', table_name)) AS name,"
            + " '' AS on_table, view_definition AS text FROM information_schema.views"
            + " WHERE table_schema = ? OR INSTR(view_definition, ?) > 0",
        schema,
        schema,
        Sql.name(schema) + ".");
    read(
        session,
        Kind.TRIGGER,
        found,
        "SELECT trigger_name AS name, event_object_table AS on_table, action_statement AS text"
            + " FROM information_schema.triggers WHERE trigger_schema = ?",
        schema);
    read(
        session,
        Kind.ROUTINE,
        found,
        "SELECT routine_name AS name, '' AS on_table, routine_definition AS text"
            + " FROM information_schema.routines WHERE routine_schema = ?",
        schema);
    read(
        session,
        Kind.EVENT,
        found,
        "SELECT event_name AS name, '' AS on_table, event_definition AS text"
            + " FROM information_schema.events WHERE event_schema = ?",
        schema);
    return List.copyOf(found);
  }

  private static void read(
      Session session, Kind kind, List<StoredText> found, String sql, String... arguments) {
    for (Row row : session.query(sql, (Object[]) arguments)) {
      // The text is kept from accounts that may not see it.
      if (!row.isNull("text")) {
        found.add(
            new StoredText(kind, row.string("name"), row.string("on_table"), row.string("text")));
      }
    }
  }
}
