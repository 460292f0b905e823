package dev.halcyon.rebuild;

import dev.halcyon.binlog.RowImage;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import java.util.Map;

/**
 * Brings captured changes into the shadow table: first every touched key goes, then the last images
 * come. Rows behind the copy's watermark are left out: the copy will see them. For one thread.
 */
final class ForwardApplier implements Applier {
  private final Shapes shapes;
  private final TableKey key;
  private final CapturedRows rows;

  ForwardApplier(Shapes shapes, TableKey key, CapturedRows rows) {
    this.shapes = shapes;
    this.key = key;
    this.rows = rows;
  }

  @Override
  public RebuildState apply(
      Session session, Map<String, Backlog.Entry> entries, RebuildState state) {
    var after = state.after();
    if (!state.all() && after == null) {
      return state;
    }
    Modes.capturing(session);
    rows.remove(session, entries.values().stream().map(e -> rows.key(e.image())).toList());
    var images =
        entries.values().stream().filter(e -> !e.gone()).map(Backlog.Entry::image).toList();
    var large = rows.store(session, images);
    Modes.mapping(session);
    var copied =
        state.all() || after == null
            ? ""
            : " WHERE " + key.condition(Shapes.DELTA, new KeyRange(null, after));
    session.update(shapes.insertFrom(Shapes.DELTA) + copied);
    CapturedRows.clear(session);
    large.forEach(number -> takeFromSource(session, images.get(number), state));
    return state;
  }

  /**
   * A row that is too large for a statement. It is taken as it is now, which may be later than the
   * image; what came in between is still to come in the log, and does no harm then.
   */
  private void takeFromSource(Session session, RowImage image, RebuildState state) {
    var source = shapes.names().table();
    var where = " WHERE " + CapturedRows.condition(shapes.key(), rows.key(image));
    var after = state.after();
    if (!state.all() && after != null) {
      where += " AND " + key.condition(source, new KeyRange(null, after));
    }
    session.update(shapes.insertFrom(source) + where);
  }
}
