package dev.halcyon.binlog;

import dev.halcyon.sql.Mentions;
import java.util.List;
import java.util.Set;

/**
 * Judges a statement in the log: whether it may have changed a watched table, in its shape or past
 * the row events. In doubt it may have.
 */
final class ForeignStatement {
  private static final Set<String> WRITING =
      Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "CALL", "DO", "SELECT", "WITH");

  private static final Set<String> HARMLESS =
      Set.of("ANALYZE", "GRANT", "REVOKE", "FLUSH", "SET", "CHECK", "OPTIMIZE");

  private static final Set<String> NOUNS =
      Set.of(
          "VIEW",
          "PROCEDURE",
          "FUNCTION",
          "EVENT",
          "USER",
          "ROLE",
          "TEMPORARY",
          "SERVER",
          "SEQUENCE",
          "TABLE",
          "INDEX",
          "TRIGGER",
          "DATABASE",
          "SCHEMA");

  /** What a trigger does stands in the log as rows. */
  private static final Set<String> ABOUT_TABLES =
      Set.of("TABLE", "INDEX", "DATABASE", "SCHEMA", "");

  private static final int SHOWN = 200;

  private ForeignStatement() {}

  /**
   * @param schema that names without one mean
   * @throws SchemaChanged if it may have changed the shape of a table
   * @throws UnreadableEvent if it may have changed rows without telling which
   */
  static void judge(String schema, String sql, List<WatchedTable> tables) {
    var mentions = Mentions.of(sql);
    for (var table : tables) {
      judge(schema, sql, mentions, table);
    }
  }

  private static void judge(String schema, String sql, Mentions mentions, WatchedTable table) {
    var here = schema.equalsIgnoreCase(table.schema()) || mentions.name(table.schema());
    var verb = mentions.verb();
    if (!here || HARMLESS.contains(verb)) {
      return;
    }
    if (WRITING.contains(verb)) {
      throw new UnreadableEvent(
          "a session writes in statement format, which does not tell the rows: " + shown(sql));
    }
    var noun = mentions.firstOf(NOUNS);
    if (!ABOUT_TABLES.contains(noun)) {
      return;
    }
    var about =
        switch (noun) {
          case "DATABASE", "SCHEMA" -> verb.equals("DROP") && mentions.name(table.schema());
          case "TABLE" ->
              mentions.name(table.name()) && !(verb.equals("CREATE") && onlyLike(mentions));
          default -> mentions.name(table.name());
        };
    if (about) {
      throw new SchemaChanged("somebody ran: " + shown(sql));
    }
  }

  /** A new table that is made after the watched one does nothing to it. */
  private static boolean onlyLike(Mentions mentions) {
    return !mentions.words().contains("REFERENCES")
        && !mentions.words().contains("REPLACE")
        && (mentions.words().contains("LIKE") || mentions.words().contains("SELECT"));
  }

  private static String shown(String sql) {
    var line = sql.strip().replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
