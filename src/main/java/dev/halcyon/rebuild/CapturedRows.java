package dev.halcyon.rebuild;

import dev.halcyon.binlog.RowImage;
import dev.halcyon.model.Column;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Captured rows on their way: in the server they lie in a temporary table with the source's
 * columns, so that it maps them by the same expressions as the copied rows. For one thread.
 */
final class CapturedRows {
  /** Tells which of the rows that were stored together it is. */
  static final String NUMBER = "hal_n";

  /** Of a way back: whether the other table has had the row. */
  static final String KNOWN = "hal_known";

  private static final int MOST_KEYS = 400;
  private static final int MOST_CHARACTERS = 1 << 19;

  private final Shapes shapes;
  private final List<Integer> stored;
  private final List<Integer> keyColumns;
  private final String insert;

  /** An image that makes a longer statement is not stored. */
  private final long mostPacket;

  /**
   * @param maxPacket what the server takes as one statement, in bytes
   */
  CapturedRows(Shapes shapes, long maxPacket) {
    this.mostPacket = maxPacket / 2;
    this.shapes = shapes;
    var columns = shapes.source().columns();
    this.stored =
        IntStream.range(0, columns.size())
            .filter(i -> columns.get(i).generated() == null)
            .boxed()
            .toList();
    this.keyColumns = shapes.key().stream().map(shapes.watched()::indexOf).toList();
    this.insert =
        "INSERT INTO %s (%s, %s) VALUES "
            .formatted(Sql.name(Shapes.DELTA), NUMBER, Sql.names(storedNames()));
  }

  /** Columns of the source that have values of their own. */
  List<String> storedNames() {
    return stored.stream().map(i -> shapes.source().columns().get(i).name()).toList();
  }

  /** The temporary table; once for each session. */
  static void create(Session session, Shapes shapes, CaptureBy by) {
    var columns = new ArrayList<String>();
    shapes.source().columns().forEach(column -> columns.add(definition(column.name(), column)));
    var kept = shapes.columns().kept();
    for (var i = 0; i < kept.size(); i++) {
      columns.add(definition(kept(i), kept.get(i)));
    }
    columns.add(NUMBER + " INT NOT NULL DEFAULT 0");
    columns.add(KNOWN + " INT NOT NULL DEFAULT 0");
    if (by == CaptureBy.TRIGGERS) {
      columns.addAll(TriggerCapture.columns(shapes));
    }
    session.execute(
        "CREATE TEMPORARY TABLE %s (%s)"
            .formatted(Sql.name(Shapes.DELTA), String.join(", ", columns)));
  }

  /** The place of what the other table's row has in a column that the source lacks. */
  static String kept(int index) {
    return "hal_kept_" + index;
  }

  private static String definition(String name, Column column) {
    return plain(name, column) + (column.generated() == null ? " NULL" : " " + column.generated());
  }

  /** A column that can hold the same values. */
  static String plain(String name, Column column) {
    var text = column.characterSet() == null ? "" : " CHARACTER SET " + column.characterSet();
    var collation = column.collation() == null ? "" : " COLLATE " + column.collation();
    return Sql.name(name) + " " + column.type() + text + collation;
  }

  /** The key's values as literals, TIMESTAMP in UTC. */
  List<String> key(RowImage image) {
    var literals = new ArrayList<String>();
    for (int column : keyColumns) {
      var text = new StringBuilder();
      image.appendLiteral(text, column, shapes.source().columns().get(column));
      literals.add(text.toString());
    }
    return literals;
  }

  /** A condition that names one row. */
  static String condition(List<String> columns, List<String> key) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> Sql.name(columns.get(i)) + " = " + key.get(i))
        .collect(Collectors.joining(" AND "));
  }

  /** Removes rows of these keys from the other table. */
  void remove(Session session, Collection<List<String>> keys) {
    var some = new ArrayList<List<String>>();
    for (var key : keys) {
      some.add(key);
      if (some.size() == MOST_KEYS) {
        removeSome(session, some);
        some.clear();
      }
    }
    if (!some.isEmpty()) {
      removeSome(session, some);
    }
  }

  private void removeSome(Session session, List<List<String>> keys) {
    var names = shapes.shadowKey();
    var condition =
        names.size() == 1
            ? keys.stream()
                .map(List::getFirst)
                .collect(Collectors.joining(", ", Sql.name(names.getFirst()) + " IN (", ")"))
            : keys.stream()
                .map(key -> "(" + condition(names, key) + ")")
                .collect(Collectors.joining(" OR "));
    session.update("DELETE FROM " + Sql.name(shapes.names().shadow()) + " WHERE " + condition);
  }

  /** As {@link #store(Session, List, List)}, numbered by their place in the list. */
  List<Integer> store(Session session, List<RowImage> images) {
    return store(session, images, IntStream.range(0, images.size()).boxed().toList());
  }

  /**
   * Puts the images into the temporary table.
   *
   * @param numbers one for each
   * @return the numbers of those that are too large
   */
  List<Integer> store(Session session, List<RowImage> images, List<Integer> numbers) {
    var large = new ArrayList<Integer>();
    var sql = new StringBuilder(insert);
    for (var i = 0; i < images.size(); i++) {
      var row = row(numbers.get(i), images.get(i));
      if (row.length() > mostPacket) {
        large.add(numbers.get(i));
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

  static void clear(Session session) {
    session.update("DELETE FROM " + Sql.name(Shapes.DELTA));
  }

  private StringBuilder row(int number, RowImage image) {
    var row = new StringBuilder("(").append(number);
    for (int column : stored) {
      image.appendLiteral(row.append(", "), column, shapes.source().columns().get(column));
    }
    return row.append(')');
  }
}
