package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.KeyColumn.Relation;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The key by which a table is walked in chunks, and its ranges as SQL.
 *
 * <p>The servers use no index for a row comparison {@code (a, b) > (x, y)}, so a range is spelled
 * out column by column; and columns that are the same at both ends are compared once, so that a
 * range within one value of the leading column reads nothing else.
 */
public final class TableKey {
  private final String table;
  private final String index;
  private final List<KeyColumn> columns;

  private TableKey(String table, String index, List<KeyColumn> columns) {
    this.table = table;
    this.index = index;
    this.columns = List.copyOf(columns);
  }

  /**
   * Looks the key up in the catalogue.
   *
   * @param names the columns of a unique index, in its order
   * @throws Refusal HAL-304 if there is no such index, or a column is of a type that cannot be
   *     walked, such as FLOAT
   */
  public static TableKey read(Session session, String table, List<String> names) {
    var parts = index(session, table, names);
    var columns = new ArrayList<KeyColumn>();
    for (var part : parts) {
      columns.add(column(session, table, part));
    }
    return new TableKey(table, parts.getFirst().string("index_name"), columns);
  }

  /**
   * Makes the session fit to walk. Text of a TIMESTAMP is only unambiguous in a zone without
   * daylight saving.
   */
  public void prepare(Session session) {
    if (columns.stream().anyMatch(KeyColumn::timestamp)) {
      session.execute("SET SESSION time_zone = '+00:00'");
    }
  }

  /**
   * Locks the rows of a chunk and those of none other, or nothing: without waiting, no deadlock of
   * other clients can have this session in it. A single row is waited for, since who waits with
   * empty hands is in no deadlock either, and a row that is always held would else never be had.
   *
   * @throws Fault.Transient when others hold one of the rows
   */
  public void lock(Session session, Chunk chunk) {
    var _ =
        session.query(
            "SELECT COUNT(*)"
                + from()
                + " WHERE "
                + condition(table, chunk.range())
                + " FOR UPDATE"
                + (chunk.rows() > 1 ? " NOWAIT" : ""));
  }

  /** The range as a condition over the columns of {@code alias}, in parentheses. */
  public String condition(String alias, KeyRange range) {
    var upTo = range.upTo().values();
    requireColumns(upTo);
    var after = range.after();
    var parts = new ArrayList<String>();
    var same = 0;
    if (after != null) {
      var from = after.values();
      while (same < upTo.size() && from.get(same).equals(upTo.get(same))) {
        parts.add(columns.get(same).condition(alias, Relation.AT, upTo.get(same)));
        same++;
      }
      if (same == upTo.size()) {
        return "(FALSE)";
      }
      parts.add(bound(alias, same, from, Relation.FROM, Relation.BEHIND, Relation.BEHIND));
    }
    parts.add(bound(alias, same, upTo, Relation.UP_TO, Relation.BEFORE, Relation.UP_TO));
    parts.add(Sql.OWN);
    return "(" + String.join(" AND ", parts) + ")";
  }

  String table() {
    return table;
  }

  int size() {
    return columns.size();
  }

  /** {@code FROM t FORCE INDEX (…)}: a boundary is looked for in no other index. */
  String from() {
    return " FROM " + Sql.name(table) + " FORCE INDEX (" + Sql.name(index) + ")";
  }

  String readings() {
    return columns.stream()
        .map(c -> c.type().reading(c.qualified(table)))
        .collect(Collectors.joining(", "));
  }

  String order() {
    return columns.stream().map(c -> c.order(table)).collect(Collectors.joining(", "));
  }

  String reverseOrder() {
    return columns.stream().map(c -> c.reverseOrder(table)).collect(Collectors.joining(", "));
  }

  KeyPosition position(Row row) {
    var values = new ArrayList<String>();
    for (var i = 1; i <= columns.size(); i++) {
      values.add(row.string(i));
    }
    return new KeyPosition(values);
  }

  /**
   * {@code a >= x AND (a > x OR (a = x AND b > y))}; the first part alone bounds the index scan.
   */
  private String bound(
      String alias, int i, List<String> values, Relation wide, Relation narrow, Relation last) {
    var column = columns.get(i);
    var value = values.get(i);
    if (i == columns.size() - 1) {
      return column.condition(alias, last, value);
    }
    return "%s AND (%s OR (%s AND %s))"
        .formatted(
            column.condition(alias, wide, value),
            column.condition(alias, narrow, value),
            column.condition(alias, Relation.AT, value),
            bound(alias, i + 1, values, wide, narrow, last));
  }

  private void requireColumns(List<String> values) {
    if (values.size() != columns.size()) {
      throw new IllegalArgumentException(
          "the key of " + table + " has " + columns.size() + " columns, not " + values.size());
    }
  }

  private static List<Row> index(Session session, String table, List<String> names) {
    var hidden = session.engine() == Engine.MARIADB ? "ignored = 'YES'" : "is_visible = 'NO'";
    var parts =
        session.query(
            "SELECT index_name AS index_name, column_name AS column_name, collation AS direction"
                + " FROM information_schema.statistics"
                + " WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0"
                + " AND NOT (index_name <> 'PRIMARY' AND "
                + hidden
                + ") ORDER BY index_name = 'PRIMARY' DESC, index_name, seq_in_index",
            table);
    return parts.stream()
        .map(part -> part.string("index_name"))
        .distinct()
        .map(name -> parts.stream().filter(p -> p.string("index_name").equals(name)).toList())
        .filter(candidate -> over(candidate, names))
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.NO_KEY.refuse(
                    "Table %s has no unique index over (%s)."
                        .formatted(table, String.join(", ", names)),
                    "Give the table a primary key."));
  }

  private static boolean over(List<Row> parts, List<String> names) {
    if (parts.size() != names.size()) {
      return false;
    }
    for (var i = 0; i < names.size(); i++) {
      if (!names.get(i).equalsIgnoreCase(parts.get(i).stringOrNull("column_name"))) {
        return false;
      }
    }
    return true;
  }

  private static KeyColumn column(Session session, String table, Row part) {
    var name = part.string("column_name");
    var facts =
        session
            .first(
                "SELECT data_type AS data_type, column_type AS column_type,"
                    + " character_set_name AS character_set FROM information_schema.columns"
                    + " WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?",
                table,
                name)
            .orElseThrow(() -> new IllegalStateException("no column " + table + "." + name));
    var dataType = facts.string("data_type");
    var type =
        KeyType.of(dataType)
            .orElseThrow(
                () ->
                    ErrorCode.NO_KEY.refuse(
                        "Table %s cannot be worked through by %s, which is of type %s."
                            .formatted(table, name, dataType),
                        "Give the table a primary key of another type."));
    return new KeyColumn(
        name,
        type,
        facts.stringOrNull("character_set"),
        type == KeyType.ENUM ? members(facts.string("column_type")) : 0,
        dataType.equalsIgnoreCase("timestamp"),
        "D".equals(part.stringOrNull("direction")));
  }

  /** How many members {@code enum('a','b')} has; a quote or comma within one does not count. */
  private static int members(String columnType) {
    var members = 0;
    var quoted = false;
    for (var i = 0; i < columnType.length(); i++) {
      var character = columnType.charAt(i);
      if (character == '\'') {
        quoted = !quoted;
      } else if (!quoted && (character == ',' || character == ')')) {
        members++;
      }
    }
    return members;
  }
}
