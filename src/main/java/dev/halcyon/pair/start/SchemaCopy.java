package dev.halcyon.pair.start;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.pair.RowText;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Copies the tables of one schema from a snapshot to another server, and compares each chunk. Both
 * sessions are for nothing else. For one thread.
 */
final class SchemaCopy {
  private static final int MOST_ROWS = 1000;

  /** So much of a table is in memory at once, and in one statement. */
  private static final long BYTES = 2_000_000;

  private final Session source;
  private final Session target;
  private final String schema;

  SchemaCopy(Session source, Session target, String schema) {
    this.source = source;
    this.target = target;
    this.schema = schema;
  }

  /**
   * @return how many rows
   */
  long run() {
    var text =
        source
            .first(
                "SELECT default_character_set_name AS characters, default_collation_name AS"
                    + " collation FROM information_schema.schemata WHERE schema_name = ?",
                schema)
            .orElseThrow();
    target.execute("CREATE DATABASE IF NOT EXISTS " + Sql.name(schema));
    target.execute(
        "ALTER DATABASE %s CHARACTER SET %s COLLATE %s"
            .formatted(Sql.name(schema), text.string("characters"), text.string("collation")));
    source.execute("USE " + Sql.name(schema));
    target.execute("USE " + Sql.name(schema));
    long rows = 0;
    var names = Catalog.tableNames(source, schema);
    for (TableSchema table : Catalog.tables(source, schema, names).values()) {
      target.execute(table.showCreate());
      rows += rows(table);
    }
    return rows;
  }

  private long rows(TableSchema table) {
    var key = TableKey.read(source, table.name(), table.chunkKey().orElseThrow().columns());
    var walk = KeyWalk.begin(source, key);
    if (walk.isEmpty()) {
      return 0;
    }
    long size =
        Math.clamp(BYTES * Math.max(1, table.rows()) / Math.max(1, table.bytes()), 1, MOST_ROWS);
    var columns = RowText.stored(table.columns());
    long copied = 0;
    @Nullable KeyPosition after = null;
    var chunk = walk.get().next(source, after, size);
    while (chunk.isPresent()) {
      copied += rows(table, columns, key, chunk.get());
      after = chunk.get().range().upTo();
      chunk = walk.get().next(source, after, size);
    }
    return copied;
  }

  private int rows(TableSchema table, List<Column> columns, TableKey key, Chunk chunk) {
    var where =
        " FROM " + Sql.name(table.name()) + " WHERE " + key.condition(table.name(), chunk.range());
    var rows =
        source.query(
            "SELECT "
                + columns.stream().map(RowText::reading).collect(Collectors.joining(", "))
                + where);
    insert(table, columns, rows);
    compare(table, columns, where);
    return rows.size();
  }

  private void insert(TableSchema table, List<Column> columns, List<Row> rows) {
    var marks = "(" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
    var values = new ArrayList<@Nullable Object>();
    rows.forEach(row -> values.addAll(row.values()));
    var _ =
        target.update(
            "INSERT INTO %s (%s) VALUES %s"
                .formatted(
                    Sql.name(table.name()),
                    Sql.names(columns.stream().map(Column::name).toList()),
                    String.join(", ", Collections.nCopies(rows.size(), marks))),
            values.toArray());
  }

  private void compare(TableSchema table, List<Column> columns, String where) {
    var sum = "SELECT " + RowText.sum(columns) + where;
    var here = source.first(sum).orElseThrow().string(1);
    var there = target.first(sum).orElseThrow().string(1);
    if (!here.equals(there)) {
      throw new Failure(
          ErrorCode.MISMATCH,
          "copy table " + schema + "." + table.name(),
          "rows differ after the copy," + where,
          "The active server is as it was; the passive one has half a copy and is fenced.",
          "Convert the table's text to utf8mb4 if bytes of another character set are in it; then"
              + " type the same again.",
          null);
    }
  }
}
