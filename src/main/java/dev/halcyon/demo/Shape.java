package dev.halcyon.demo;

import dev.halcyon.mysql.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which of both shapes of an address are there to be looked at. */
enum Shape {
  /** Columns of users. */
  OLD(", u.address_line_1 AS old_1, u.address_line_2 AS old_2", ""),
  /** Both, seen by one statement and so at one moment. */
  BOTH(OLD.columns + Shape.ADDRESS, Shape.JOIN),
  /** Rows of addresses. */
  NEW(Shape.ADDRESS, Shape.JOIN);

  private static final String ADDRESS =
      ", a.id AS address, a.address_line_1 AS new_1, a.address_line_2 AS new_2";
  private static final String JOIN = " LEFT JOIN addresses a ON a.user_id = u.id";

  private final String columns;
  private final String sql;

  Shape(String columns, String join) {
    this.columns = columns;
    this.sql =
        "SELECT u.id AS user"
            + columns
            + " FROM users u"
            + join
            + " WHERE u.id BETWEEN ? AND ? ORDER BY u.id"
            + (join.isEmpty() ? "" : ", a.id");
  }

  /** Sends a query and takes its rows. */
  @FunctionalInterface
  interface Asking {
    List<Row> query(String sql, @Nullable Object... arguments);
  }

  /**
   * A user as one statement has shown it.
   *
   * @param old what the columns of users say; null if they were not looked at
   * @param addresses in the order of their ids; null if they were not looked at
   */
  record Seen(@Nullable Lines old, @Nullable List<Lines> addresses) {
    /** What both versions call the user's first address. */
    Lines first() {
      if (addresses != null) {
        return addresses.isEmpty() ? Lines.NONE : addresses.getFirst();
      }
      return old == null ? Lines.NONE : old;
    }
  }

  /** The users with ids in the range, in one statement. */
  Map<Long, Seen> read(Asking session, long from, long to) {
    var users = new LinkedHashMap<Long, Seen>();
    for (var row : session.query(sql, from, to)) {
      var seen = users.computeIfAbsent(row.longValue("user"), _ -> seen(row));
      if (this != OLD && !row.isNull("address")) {
        var addresses = seen.addresses();
        if (addresses != null) {
          addresses.add(new Lines(row.stringOrNull("new_1"), row.stringOrNull("new_2")));
        }
      }
    }
    return users;
  }

  private Seen seen(Row row) {
    var old = this == NEW ? null : new Lines(row.stringOrNull("old_1"), row.stringOrNull("old_2"));
    return new Seen(old, this == OLD ? null : new ArrayList<>());
  }
}
