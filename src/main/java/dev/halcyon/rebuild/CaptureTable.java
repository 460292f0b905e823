package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table into which triggers write whose rows were touched, by their keys, and these triggers.
 * They write nothing else, so that a write of the application gets little longer, and cannot fail
 * by a value. The rows have numbers that the server makes without a lock: with AUTO_INCREMENT,
 * MariaDB would hold its counter's lock to the end of an UPDATE, and writers would meet in a
 * deadlock.
 *
 * <p>There is one for the way there and one for the way back. Each of these can be done again.
 */
final class CaptureTable {
  static final String ID = "hal_id";

  /** What was done to the row of this key. */
  static final String KIND = "hal_kind";

  static final String INSERTED = "I";
  static final String UPDATED = "U";

  /** Deleted, or gone to another key. */
  static final String GONE = "D";

  /** Come from another key. */
  static final String MOVED = "M";

  /** Whether the writer has its statements in the log, where replicas make other numbers of it. */
  static final String STATEMENT = "hal_statement";

  private static final Pattern OURS = Pattern.compile("hal_[0-9a-f]{8}_c[0-2]");
  private static final int TRIGGERS = 3;

  private final String schema;
  private final String name;

  /**
   * @param name of the table: {@link ShadowNames#touched}
   */
  CaptureTable(String schema, String name) {
    this.schema = schema;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Whether a trigger of this name captures, and belongs to no user. */
  static boolean isOurs(String trigger) {
    return OURS.matcher(trigger).matches();
  }

  /**
   * Makes it, empty.
   *
   * @param key the columns by which rows are known
   */
  void create(Session session, List<Column> key) {
    session.execute("DROP TABLE IF EXISTS " + Sql.name(name));
    session.execute(
        "CREATE TABLE %s (%s BIGINT UNSIGNED NOT NULL, %s CHAR(1) CHARACTER SET ascii NOT NULL,"
                .formatted(Sql.name(name), ID, KIND)
            + " %s TINYINT NOT NULL, %s, PRIMARY KEY (%s)) ENGINE=InnoDB"
                .formatted(
                    STATEMENT,
                    key.stream()
                        .map(column -> CapturedRows.plain(column.name(), column) + " NULL")
                        .collect(Collectors.joining(", ")),
                    ID));
  }

  /** The triggers on a table with these key columns. */
  void attach(Session session, BelongingsMove.Ddl ddl, String table) {
    var there = present(session, table);
    var key = keyColumns(session);
    var statements =
        List.of(
            trigger(0, "INSERT", table, insert(session, INSERTED, "NEW", key)),
            trigger(1, "DELETE", table, insert(session, GONE, "OLD", key)),
            trigger(2, "UPDATE", table, update(session, key)));
    // Values of the key's own types are taken over as they are, whatever a mode says of them.
    session.execute("SET SESSION sql_mode = ''");
    try {
      for (var i = 0; i < TRIGGERS; i++) {
        if (!there.contains(trigger(i))) {
          ddl.run(table, statements.get(i));
        }
      }
    } finally {
      Modes.mapping(session);
    }
  }

  /** Whether every trigger is on this table. */
  boolean attached(Session session, String table) {
    return present(session, table).size() == TRIGGERS;
  }

  /** Takes the triggers away, whatever table they are on; writers go on without them. */
  void detach(Session session, BelongingsMove.Ddl ddl) {
    for (var row :
        session.query(
            "SELECT trigger_name AS name, event_object_table AS writes"
                + " FROM information_schema.triggers"
                + " WHERE trigger_schema = ? AND trigger_name IN (?, ?, ?)",
            schema,
            trigger(0),
            trigger(1),
            trigger(2))) {
      ddl.run(row.string("writes"), "DROP TRIGGER IF EXISTS " + Sql.name(row.string("name")));
    }
  }

  /** Both; the triggers first, or writes of the application would fail. */
  void drop(Session session, BelongingsMove.Ddl ddl) {
    detach(session, ddl);
    session.execute("DROP TABLE IF EXISTS " + Sql.name(name));
  }

  /** Of a rebuild: takes both directions away, giving way to the application. */
  static void dropAll(RebuildContext context, SteadySession steady, ShadowNames names) {
    for (var name : List.of(names.touched(), names.back().touched())) {
      drop(context, steady, names, name);
    }
  }

  /** Takes one of them away, giving way to the application. */
  static void drop(RebuildContext context, SteadySession steady, ShadowNames names, String name) {
    var table = new CaptureTable(context.schema(), name);
    BelongingsMove.steadily(
        steady,
        session ->
            table.drop(session, BelongingsMove.patient(context, session, names.table())::run));
  }

  /** Takes the triggers away that a cut-over has left on a table that was not swapped in. */
  static void detach(RebuildContext context, SteadySession steady, ShadowNames names, String name) {
    var table = new CaptureTable(context.schema(), name);
    BelongingsMove.steadily(
        steady,
        session ->
            table.detach(session, BelongingsMove.patient(context, session, names.table())::run));
  }

  private List<String> present(Session session, String table) {
    return session
        .query(
            "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = ?"
                + " AND event_object_table = ? AND trigger_name IN (?, ?, ?)",
            schema,
            table,
            trigger(0),
            trigger(1),
            trigger(2))
        .stream()
        .map(row -> row.string(1))
        .toList();
  }

  private List<Column> keyColumns(Session session) {
    return Catalog.table(session, schema, name).orElseThrow().columns().stream()
        .filter(column -> !List.of(ID, KIND, STATEMENT).contains(column.name()))
        .toList();
  }

  private String trigger(int number) {
    return Belongings.passing(name, 'c', number);
  }

  private String trigger(int number, String event, String table, String body) {
    return "CREATE TRIGGER %s AFTER %s ON %s FOR EACH ROW %s"
        .formatted(Sql.name(trigger(number)), event, Sql.name(table), body);
  }

  private String insert(Session session, String kind, String row, List<Column> key) {
    return into(key) + values(session, kind, row, key);
  }

  private String update(Session session, List<Column> key) {
    var same = key.stream().map(CaptureTable::same).collect(Collectors.joining(" AND "));
    return "IF %s THEN %s%s; ELSE %s%s, %s; END IF"
        .formatted(
            same,
            into(key),
            values(session, UPDATED, "NEW", key),
            into(key),
            values(session, GONE, "OLD", key),
            values(session, MOVED, "NEW", key));
  }

  /** Two moments of an hour that comes twice read alike. */
  private static String same(Column column) {
    var name = Sql.name(column.name());
    return column.type().startsWith("timestamp")
        ? "UNIX_TIMESTAMP(OLD.%1$s) <=> UNIX_TIMESTAMP(NEW.%1$s)".formatted(name)
        : "OLD.%1$s <=> NEW.%1$s".formatted(name);
  }

  private String into(List<Column> key) {
    var columns = new ArrayList<>(List.of(ID, KIND, STATEMENT));
    key.forEach(column -> columns.add(column.name()));
    return "INSERT INTO " + Sql.name(name) + " (" + Sql.names(columns) + ") VALUES ";
  }

  private static String values(Session session, String kind, String row, List<Column> key) {
    return key.stream()
        .map(column -> row + "." + Sql.name(column.name()))
        .collect(
            Collectors.joining(
                ", ", "(UUID_SHORT(), '" + kind + "', " + inStatements(session) + ", ", ")"));
  }

  private static String inStatements(Session session) {
    return logged(session) ? "@@SESSION.binlog_format = 'STATEMENT'" : "0";
  }

  /** Whether replicas may be told of what is written. */
  private static boolean logged(Session session) {
    return session
        .first("SHOW GLOBAL VARIABLES LIKE 'log_bin'")
        .filter(row -> row.string(2).equalsIgnoreCase("ON"))
        .isPresent();
  }
}
