package dev.halcyon.rebuild;

import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.sql.Sql;

/** Copies the rows of a chunk that are in no shadow table yet, within the server. */
record Copying(Shapes shapes, TableKey key) implements Crew.Job<Long> {

  /**
   * @return rows
   */
  @Override
  public Long on(Session session, Chunk chunk, boolean again) {
    var source = shapes.names().table();
    var range = key.condition(source, chunk.range());
    if (again) {
      // A lost reply: the rows may have come through.
      session.update(
          "DELETE d FROM %s AS d JOIN %s ON %s WHERE %s"
              .formatted(
                  Sql.name(shapes.names().shadow()),
                  Sql.name(source),
                  shapes.sameKey(source, "d"),
                  range));
    }
    key.prepare(session);
    return session.update(shapes.insertFrom(source) + " WHERE " + range);
  }
}
