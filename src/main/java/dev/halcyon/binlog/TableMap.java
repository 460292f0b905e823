package dev.halcyon.binlog;

import java.util.ArrayList;
import java.util.List;

/**
 * What the log says of a watched table in front of its rows.
 *
 * @param codes of all columns, hidden ones of the server's at the end included
 */
record TableMap(long id, WatchedTable table, List<ColumnCode> codes) {
  private static final int ID_BYTES = 6;

  TableMap {
    codes = List.copyOf(codes);
  }

  /** Whose rows follow. */
  record Name(long id, String schema, String table) {}

  static Name name(EventBuffer body) {
    var id = body.number(ID_BYTES);
    body.step(2);
    var schema = body.text(body.unsigned8());
    body.step(1);
    var table = body.text(body.unsigned8());
    body.step(1);
    return new Name(id, schema, table);
  }

  /**
   * Reads what follows the names.
   *
   * @throws SchemaChanged if the table has not the columns that are expected
   */
  static TableMap read(Name name, EventBuffer body, WatchedTable table) {
    var columns = Math.toIntExact(body.packed());
    var types = body.take(columns);
    var meta = new EventBuffer(body.take(Math.toIntExact(body.packed())));
    if (columns < table.columns().size()) {
      throw new SchemaChanged(
          "%s has %d columns instead of %d".formatted(table, columns, table.columns().size()));
    }
    var codes = new ArrayList<ColumnCode>();
    for (var i = 0; i < columns; i++) {
      // What the server hides has no values in the log, and types of its own.
      if (i >= table.columns().size()) {
        break;
      }
      var code = ColumnCode.read(types[i] & 0xff, meta);
      var column = table.columns().get(i);
      if (!code.writes(column.type())) {
        throw new SchemaChanged(
            "column %s of %s is not %s (type %d in the log)"
                .formatted(column.name(), table, column.type(), code.type()));
      }
      codes.add(code);
    }
    return new TableMap(name.id(), table, codes);
  }
}
