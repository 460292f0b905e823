package dev.halcyon.rebuild;

import dev.halcyon.binlog.RowImage;
import dev.halcyon.model.Column;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Brings captured changes into the shadow table: first every touched key goes, then the last images
 * come. In between they lie in a temporary table with the old table's columns, so that the server
 * maps them by the same expressions as the copied rows. Rows behind the copy's watermark are left
 * out: the copy will see them. Applying a change again does no harm. For one thread.
 */
final class Applier {
  private static final int MOST_KEYS = 400;
  private static final int MOST_CHARACTERS = 1 << 19;

  private final Shapes shapes;
  private final TableKey key;
  private final List<Integer> stored = new ArrayList<>();
  private final List<Integer> keyColumns;
  private final String insert;

  /** An image that makes a longer statement is read from the table instead. */
  private final long mostPacket;

  /**
   * @param maxPacket what the server takes as one statement, in bytes
   */
  Applier(Shapes shapes, TableKey key, long maxPacket) {
    this.mostPacket = maxPacket / 2;
    this.shapes = shapes;
    this.key = key;
    var columns = shapes.source().columns();
    for (var i = 0; i < columns.size(); i++) {
      if (columns.get(i).generated() == null) {
        stored.add(i);
      }
    }
    this.keyColumns = shapes.key().stream().map(shapes.watched()::indexOf).toList();
    this.insert =
        "INSERT INTO %s (%s) VALUES "
            .formatted(
                Sql.name(Shapes.DELTA),
                Sql.names(stored.stream().map(i -> columns.get(i).name()).toList()));
  }

  /** The temporary table; once for each session, before {@link #apply}. */
  static void createDelta(Session session, Shapes shapes) {
    session.execute(
        shapes.source().columns().stream()
            .map(Applier::definition)
            .collect(
                Collectors.joining(
                    ", ", "CREATE TEMPORARY TABLE " + Sql.name(Shapes.DELTA) + " (", ")")));
  }

  private static String definition(Column column) {
    var text = column.characterSet() == null ? "" : " CHARACTER SET " + column.characterSet();
    var collation = column.collation() == null ? "" : " COLLATE " + column.collation();
    var rest = column.generated() == null ? " NULL" : " " + column.generated();
    return Sql.name(column.name()) + " " + column.type() + text + collation + rest;
  }

  /**
   * Applies in the session's transaction.
   *
   * @param state says how far the copy is
   */
  void apply(Session session, Map<String, Backlog.Entry> entries, RebuildState state) {
    var after = state.after();
    if (!state.all() && after == null) {
      return;
    }
    Modes.capturing(session);
    remove(session, entries.values());
    var large =
        store(
            session,
            entries.values().stream().filter(e -> !e.gone()).map(Backlog.Entry::image).toList());
    Modes.mapping(session);
    var copied =
        state.all() || after == null
            ? ""
            : " WHERE " + key.condition(Shapes.DELTA, new KeyRange(null, after));
    session.update(shapes.insertFrom(Shapes.DELTA) + copied);
    session.update("DELETE FROM " + Sql.name(Shapes.DELTA));
    large.forEach(image -> takeFromSource(session, image, state));
  }

  /**
   * A row that is too large for a statement. It is taken as it is now, which may be later than the
   * image; what came in between is still to come in the log, and does no harm then.
   */
  private void takeFromSource(Session session, RowImage image, RebuildState state) {
    var source = shapes.names().table();
    var where = new StringBuilder(" WHERE ");
    for (var i = 0; i < keyColumns.size(); i++) {
      where.append(i == 0 ? "" : " AND ").append(Sql.name(shapes.key().get(i))).append(" = ");
      int column = keyColumns.get(i);
      image.appendLiteral(where, column, shapes.source().columns().get(column));
    }
    var after = state.after();
    if (!state.all() && after != null) {
      where.append(" AND ").append(key.condition(source, new KeyRange(null, after)));
    }
    session.update(shapes.insertFrom(source) + where);
  }

  private void remove(Session session, Collection<Backlog.Entry> entries) {
    var keys = new ArrayList<String>();
    for (var entry : entries) {
      keys.add(keyText(entry.image()));
      if (keys.size() == MOST_KEYS) {
        removeKeys(session, keys);
        keys.clear();
      }
    }
    if (!keys.isEmpty()) {
      removeKeys(session, keys);
    }
  }

  private void removeKeys(Session session, List<String> keys) {
    var names = shapes.shadowKey();
    var condition =
        names.size() == 1
            ? Sql.name(names.getFirst()) + " IN (" + String.join(", ", keys) + ")"
            : String.join(" OR ", keys);
    session.update("DELETE FROM " + Sql.name(shapes.names().shadow()) + " WHERE " + condition);
  }

  private String keyText(RowImage image) {
    var names = shapes.shadowKey();
    var text = new StringBuilder();
    for (var i = 0; i < names.size(); i++) {
      if (names.size() > 1) {
        text.append(i == 0 ? "(" : " AND ").append(Sql.name(names.get(i))).append(" = ");
      }
      int column = keyColumns.get(i);
      image.appendLiteral(text, column, shapes.source().columns().get(column));
    }
    return names.size() > 1 ? text.append(')').toString() : text.toString();
  }

  /**
   * Puts the images into the temporary table.
   *
   * @return those that are too large
   */
  private List<RowImage> store(Session session, List<RowImage> images) {
    var large = new ArrayList<RowImage>();
    var sql = new StringBuilder(insert);
    for (var image : images) {
      var row = row(image);
      if (row.length() > mostPacket) {
        large.add(image);
        continue;
      }
      if (sql.length() > insert.length() && sql.length() + row.length() > MOST_CHARACTERS) {
        session.update(sql.toString());
        sql.setLength(insert.length());
      }
      sql.append(sql.length() == insert.length() ? "" : ", ").append(row);
    }
    if (sql.length() > insert.length()) {
      session.update(sql.toString());
    }
    return large;
  }

  private StringBuilder row(RowImage image) {
    var row = new StringBuilder("(");
    var first = true;
    for (int column : stored) {
      image.appendLiteral(
          first ? row : row.append(", "), column, shapes.source().columns().get(column));
      first = false;
    }
    return row.append(')');
  }
}
