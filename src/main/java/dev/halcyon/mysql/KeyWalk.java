package dev.halcyon.mysql;

import dev.halcyon.sql.Sql;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A walk over a table in the order of its key, from a place to the last key that was there when the
 * walk began, so that it ends although the table grows. Immutable.
 */
public record KeyWalk(TableKey key, KeyPosition end) {

  /** Empty for a table without rows. */
  public static Optional<KeyWalk> begin(Session session, TableKey key) {
    return session
        .first(
            "SELECT "
                + key.readings()
                + key.from()
                + " WHERE "
                + Sql.OWN
                + " ORDER BY "
                + key.reverseOrder()
                + " LIMIT 1")
        .map(row -> new KeyWalk(key, key.position(row)));
  }

  /**
   * Cuts the next chunk.
   *
   * @param after the end of the chunk before; null at the start
   * @param rows how many it shall have; the last one has fewer
   * @return empty when the walk has come to its end
   */
  public Optional<Chunk> next(Session session, @Nullable KeyPosition after, long rows) {
    if (end.equals(after)) {
      return Optional.empty();
    }
    var rest = new KeyRange(after, end);
    var where = key.from() + " WHERE " + key.condition(key.table(), rest);
    var boundary =
        session.first(
            "SELECT %s%s ORDER BY %s LIMIT 1 OFFSET %d"
                .formatted(key.readings(), where, key.order(), rows - 1));
    if (boundary.isPresent()) {
      return Optional.of(new Chunk(new KeyRange(after, key.position(boundary.get())), rows));
    }
    var left =
        session.first("SELECT COUNT(*) AS n" + where).map(row -> row.longValue("n")).orElse(0L);
    return left == 0 ? Optional.empty() : Optional.of(new Chunk(rest, left));
  }
}
