package dev.halcyon.rebuild;

import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Changes whose keys triggers have written into a table, in transactions of the application. To
 * apply them is to bring the rows of these keys as they are by then, so their order does not
 * matter, and what is lost half-way is done again: what was applied leaves the table in the same
 * transaction. For one thread.
 */
final class TriggerCapture implements Capture {
  private static final String PREFIX = "hal_touched_";

  /** Of captured rows: whether the row is to be copied. */
  private static final String THERE = "hal_there";

  /** A batch is one transaction, which the server keeps whole for its log. */
  private static final long MOST_BYTES = 32L << 20;

  private static final long MOST_ROWS = 5000;
  private static final long ALL = Long.MAX_VALUE;
  private static final int IDS = 1000;
  private static final int DUPLICATE = 1062;

  private final Shapes shapes;
  private final TableKey key;
  private final CapturedRows rows;
  private final CaptureTable table;
  private final @Nullable BackwardApplier backward;
  private final BooleanSupplier waiting;
  private final Function<String, Failure> broken;
  private final long most;
  private boolean more;

  /**
   * @param backward of a way back
   * @param waiting looks whether the table has rows
   * @param broken the error that says why nothing can be captured any more
   */
  TriggerCapture(
      Shapes shapes,
      TableKey key,
      CapturedRows rows,
      @Nullable BackwardApplier backward,
      BooleanSupplier waiting,
      Function<String, Failure> broken) {
    this.shapes = shapes;
    this.key = key;
    this.rows = rows;
    this.table = new CaptureTable(shapes.schema(), shapes.names().touched());
    this.backward = backward;
    this.waiting = waiting;
    this.broken = broken;
    var source = shapes.source();
    var bytes = Math.max(1, source.bytes() / Math.max(1, source.rows()));
    this.most = Math.clamp(MOST_BYTES / bytes, 10, MOST_ROWS);
  }

  /** What the temporary table of captured rows needs beside the source's columns. */
  static List<String> columns(Shapes shapes) {
    var columns = new ArrayList<String>();
    columns.add(CaptureTable.ID + " BIGINT UNSIGNED NULL");
    columns.add(CaptureTable.STATEMENT + " TINYINT NULL");
    columns.add(THERE + " TINYINT NULL");
    for (var i = 0; i < shapes.key().size(); i++) {
      var column = shapes.source().column(shapes.key().get(i)).orElseThrow();
      columns.add(CapturedRows.plain(PREFIX + i, column) + " NULL");
    }
    return columns;
  }

  /** Changes come without being fetched; this only waits. */
  @Override
  public boolean take(Duration patience) {
    try {
      Thread.sleep(patience);
    } catch (InterruptedException interruption) {
      // Whoever waits looks for it.
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Override
  public boolean isEmpty() {
    return !waiting.getAsBoolean();
  }

  /** A change is in the table before its commit has returned. */
  @Override
  public boolean reached(long mark) {
    return true;
  }

  @Override
  public Batch drain() {
    return new Touched();
  }

  @Override
  public boolean more() {
    return more;
  }

  /** The triggers of the way back were made under the lock, as was everything in their table. */
  @Override
  public RebuildState keepFrom(RebuildState state) {
    return state;
  }

  @Override
  public void close() {
    // There is nothing but the table.
  }

  /** As much as is there when it is applied. */
  private final class Touched implements Batch {
    private int changes;

    @Override
    public RebuildState apply(Session session, RebuildState state) {
      return backward == null ? forward(session, state) : back(session, state, backward);
    }

    private RebuildState forward(Session session, RebuildState state) {
      try {
        changes = bring(session, state, most);
      } catch (Fault.Refused refused) {
        // Half of the rows that have swapped a unique value may be in the next batch.
        if (refused.code() != DUPLICATE || !more) {
          throw refused;
        }
        changes = bring(session, state, ALL);
      }
      return state;
    }

    private RebuildState back(Session session, RebuildState state, BackwardApplier applier) {
      var read = new TouchedKeys(session);
      changes = read.ids.size();
      more = changes >= most;
      var applied = applier.applyTouched(session, read.keys(), state);
      read.remove(session);
      return applied;
    }

    @Override
    public int changes() {
      return changes;
    }

    @Override
    public void giveBack() {
      // They have not left the table.
    }
  }

  /**
   * Brings the rows of the first keys in the table into the shadow table.
   *
   * @return how many keys that were, each as often as it was touched
   */
  private int bring(Session session, RebuildState state, long limit) {
    CapturedRows.clear(session);
    Modes.capturing(session);
    var count = Math.toIntExact(session.update(read(state, limit)));
    more = count >= limit;
    if (count == 0) {
      return 0;
    }
    requireRowFormat(
        session.first("SELECT 1 FROM hal_delta WHERE hal_statement = 1 LIMIT 1").isPresent());
    session.update(
        "DELETE %1$s FROM %2$s STRAIGHT_JOIN %1$s ON %3$s"
            .formatted(Sql.name(shapes.names().shadow()), Sql.name(Shapes.DELTA), sameKey()));
    Modes.mapping(session);
    session.update(
        shapes.insertFrom(Shapes.DELTA) + " WHERE " + Sql.name(Shapes.DELTA, THERE) + " = 1");
    session.update(
        "DELETE %1$s FROM %2$s STRAIGHT_JOIN %1$s ON %1$s.hal_id = %2$s.hal_id"
            .formatted(Sql.name(table.name()), Sql.name(Shapes.DELTA)));
    CapturedRows.clear(session);
    return count;
  }

  /**
   * One statement, so that it sees table and keys at one moment: rows that have changed places in a
   * transaction come together. The copy will see rows behind its watermark.
   */
  private String read(RebuildState state, long limit) {
    var keys = Sql.names(shapes.key());
    var source = shapes.names().table();
    var stored = rows.storedNames();
    return ("INSERT INTO %s (hal_id, hal_statement, hal_there, %s, %s)"
            + " SELECT c.hal_id, c.hal_statement, %s IS NOT NULL, %s, %s FROM"
            + " (SELECT hal_id, hal_statement, %s,"
            + " ROW_NUMBER() OVER (PARTITION BY %s ORDER BY hal_id DESC) AS hal_nth FROM"
            + " (SELECT hal_id, hal_statement, %s FROM %s ORDER BY hal_id LIMIT %d) AS b) AS c"
            + " LEFT JOIN %s ON c.hal_nth = 1 AND %s AND %s")
        .formatted(
            Sql.name(Shapes.DELTA),
            touched(),
            Sql.names(stored),
            Sql.name(source, shapes.key().getFirst()),
            qualified("c", shapes.key()),
            qualified(source, stored),
            keys,
            keys,
            keys,
            Sql.name(table.name()),
            limit,
            Sql.name(source),
            shapes.key().stream()
                .map(column -> Sql.name(source, column) + " = " + Sql.name("c", column))
                .collect(Collectors.joining(" AND ")),
            copied(state));
  }

  private String copied(RebuildState state) {
    var after = state.after();
    if (state.all()) {
      return Sql.OWN;
    }
    return after == null ? "FALSE" : key.condition("c", new KeyRange(null, after));
  }

  private String touched() {
    return IntStream.range(0, shapes.key().size())
        .mapToObj(i -> PREFIX + i)
        .collect(Collectors.joining(", "));
  }

  private static String qualified(String table, List<String> columns) {
    return columns.stream()
        .map(column -> Sql.name(table, column))
        .collect(Collectors.joining(", "));
  }

  private String sameKey() {
    var columns = shapes.shadowKey();
    return IntStream.range(0, columns.size())
        .mapToObj(
            i ->
                Sql.name(shapes.names().shadow(), columns.get(i))
                    + " = "
                    + Sql.name(Shapes.DELTA, PREFIX + i))
        .collect(Collectors.joining(" AND "));
  }

  /** A replica would have numbered these rows itself, and not find those that are removed here. */
  private void requireRowFormat(boolean statements) {
    if (statements) {
      throw broken.apply(
          "a session writes in statement format, of which replicas make rows with other numbers");
    }
  }

  /** Keys read for a way back, which brings rows one by one. */
  private final class TouchedKeys {
    private final List<String> ids = new ArrayList<>();

    /** The last that was done to each, and the last that has made or ended the row. */
    private final LinkedHashMap<List<String>, BackwardApplier.Touched> last = new LinkedHashMap<>();

    TouchedKeys(Session session) {
      Modes.capturing(session);
      var columns =
          shapes.key().stream()
              .map(
                  column ->
                      RowQueries.literal(
                          shapes.source().column(column).orElseThrow(), Sql.name(column)))
              .toList();
      for (var row :
          session.query(
              "SELECT hal_id, hal_kind, hal_statement, %s FROM %s ORDER BY hal_id LIMIT %d"
                  .formatted(String.join(", ", columns), Sql.name(table.name()), most))) {
        ids.add(row.string(1));
        requireRowFormat(row.isTrue(CaptureTable.STATEMENT));
        var literals = IntStream.range(0, columns.size()).mapToObj(i -> row.string(i + 4)).toList();
        accept(literals, row.string(2));
      }
    }

    private void accept(List<String> literals, String kind) {
      var before = last.get(literals);
      var moved =
          kind.equals(CaptureTable.MOVED)
              || (kind.equals(CaptureTable.UPDATED) && before != null && before.moved());
      last.put(
          literals, new BackwardApplier.Touched(literals, kind.equals(CaptureTable.GONE), moved));
    }

    List<BackwardApplier.Touched> keys() {
      return List.copyOf(last.values());
    }

    void remove(Session session) {
      for (var from = 0; from < ids.size(); from += IDS) {
        session.update(
            "DELETE FROM %s WHERE hal_id IN (%s)"
                .formatted(
                    Sql.name(table.name()),
                    String.join(", ", ids.subList(from, Math.min(ids.size(), from + IDS)))));
      }
    }
  }
}
