package dev.halcyon.rebuild;

import dev.halcyon.binlog.RowImage;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.rebuild.RebuildState.Unfit;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes of the new table to the old one, which is kept. What only the old table has, its
 * rows keep. A row that the old table cannot take, or could only take with a loss, is named; until
 * that is mended the old table has its former state. For one thread.
 */
final class BackwardApplier implements Applier {
  /** Once true of a row, it stays so until the row is gone. */
  private static final String MOVED =
      "its key has changed, and the columns that only the old table has did not follow";

  private static final String LOSSY = "the old table would hold another value";
  private static final String LARGE = "it is too large for one statement";
  private static final int MOST_UNFIT = 1000;

  /** Rows that are read from the table by one statement. */
  private static final int MOST_PRESENT = 100;

  /** Errors that tell of a value, beside those whose SQLSTATE says so. */
  private static final Set<Integer> ABOUT_VALUES = Set.of(1265, 1364, 1366, 1411, 1526, 3819);

  private final Shapes shapes;
  private final CapturedRows rows;

  BackwardApplier(Shapes shapes, CapturedRows rows) {
    this.shapes = shapes;
    this.rows = rows;
  }

  /**
   * A row to be brought.
   *
   * @param image null: as it stands in the table now
   * @param gone whether it is there no more
   */
  private record Item(List<String> key, @Nullable RowImage image, boolean gone, boolean moved) {}

  /**
   * A row that was touched; it is brought as it stands in the table now.
   *
   * @param key literals
   * @param gone whether it is there no more
   * @param moved whether it has come from another key
   */
  record Touched(List<String> key, boolean gone, boolean moved) {
    Touched {
      key = List.copyOf(key);
    }
  }

  /** As {@link #apply}, of rows of which only the keys are known. */
  RebuildState applyTouched(Session session, List<Touched> touched, RebuildState state) {
    return apply(
        session,
        state,
        touched.stream().map(row -> new Item(row.key(), null, row.gone(), row.moved())).toList());
  }

  @Override
  public RebuildState apply(
      Session session, Map<String, Backlog.Entry> entries, RebuildState state) {
    return apply(
        session,
        state,
        entries.values().stream()
            .map(e -> new Item(rows.key(e.image()), e.image(), e.gone(), e.moved()))
            .toList());
  }

  private RebuildState apply(Session session, RebuildState state, List<Item> items) {
    var unfit = unfit(state);
    for (var item : items) {
      if (item.gone() || !MOVED.equals(unfit.get(item.key()))) {
        unfit.remove(item.key());
      }
    }
    bring(session, items, unfit);
    return state.unfit(listed(unfit));
  }

  /** Tries the rows that did not fit as they stand in the table now. */
  RebuildState tryAgain(Session session, RebuildState state) {
    var unfit = unfit(state);
    var items =
        state.unfit().stream()
            .filter(row -> !row.reason().equals(MOVED))
            .map(row -> new Item(row.key(), null, false, false))
            .toList();
    items.forEach(item -> unfit.remove(item.key()));
    bring(session, items, unfit);
    return state.unfit(listed(unfit));
  }

  private static Map<List<String>, String> unfit(RebuildState state) {
    var unfit = new LinkedHashMap<List<String>, String>();
    state.unfit().forEach(row -> unfit.put(row.key(), row.reason()));
    return unfit;
  }

  private static List<Unfit> listed(Map<List<String>, String> unfit) {
    return unfit.entrySet().stream().map(e -> new Unfit(e.getKey(), e.getValue())).toList();
  }

  /** All at once if they fit, as rows may have changed places; else those that do. */
  private void bring(Session session, List<Item> items, Map<List<String>, String> unfit) {
    if (items.isEmpty()) {
      return;
    }
    session.execute("SAVEPOINT hal_rows");
    try {
      unfit.putAll(whole(session, items));
    } catch (Fault.Refused refused) {
      session.execute("ROLLBACK TO SAVEPOINT hal_rows");
      if (!aboutValues(refused)) {
        throw refused;
      }
      if (items.size() > 1) {
        bring(session, items.subList(0, items.size() / 2), unfit);
        bring(session, items.subList(items.size() / 2, items.size()), unfit);
        return;
      }
      unfit.put(items.getFirst().key(), refused.detail());
    }
    if (unfit.size() > MOST_UNFIT) {
      throw new Failure(
          ErrorCode.DATA_DOES_NOT_FIT,
          "keep the old table of " + shapes.names().table(),
          "more than %d rows do not fit it any more".formatted(MOST_UNFIT),
          "The change stands; it cannot be reverted.",
          "halcyon alter --abort " + shapes.names().table(),
          null);
    }
  }

  private static boolean aboutValues(Fault.Refused refused) {
    return refused.sqlState().startsWith("22")
        || refused.sqlState().startsWith("23")
        || ABOUT_VALUES.contains(refused.code());
  }

  /**
   * @return those that came with a loss, or did not come
   */
  private Map<List<String>, String> whole(Session session, List<Item> items) {
    var unfit = new LinkedHashMap<List<String>, String>();
    Modes.capturing(session);
    for (int number : load(session, items)) {
      unfit.put(items.get(number).key(), LARGE);
    }
    var kept = !shapes.columns().kept().isEmpty();
    if (kept) {
      session.update(remember());
      for (int number : strangers(session)) {
        if (items.get(number).moved()) {
          unfit.put(items.get(number).key(), MOVED);
        }
      }
    }
    rows.remove(
        session,
        items.stream().map(Item::key).filter(key -> !LARGE.equals(unfit.get(key))).toList());
    Modes.mapping(session);
    if (kept) {
      session.update(insertKnown());
    }
    var known = kept ? " WHERE " + CapturedRows.KNOWN + " = 0" : "";
    session.update(shapes.insertFrom(Shapes.DELTA) + known);
    for (int number : lossy(session)) {
      unfit.putIfAbsent(items.get(number).key(), LOSSY);
    }
    CapturedRows.clear(session);
    return unfit;
  }

  /**
   * @return the places of those that are too large
   */
  private List<Integer> load(Session session, List<Item> items) {
    var images = new ArrayList<RowImage>();
    var places = new ArrayList<Integer>();
    var present = new LinkedHashMap<Integer, List<String>>();
    for (var i = 0; i < items.size(); i++) {
      var item = items.get(i);
      var image = item.image();
      if (item.gone()) {
        continue;
      }
      if (image == null) {
        present.put(i, item.key());
      } else {
        images.add(image);
        places.add(i);
      }
      if (present.size() == MOST_PRESENT) {
        session.update(copyFromTable(present));
        present.clear();
      }
    }
    if (!present.isEmpty()) {
      session.update(copyFromTable(present));
    }
    return rows.store(session, images, places);
  }

  /**
   * @param present keys, each by the number of its item
   */
  private String copyFromTable(Map<Integer, List<String>> present) {
    var columns = Sql.names(rows.storedNames());
    var numbers = new StringBuilder("CASE");
    var conditions = new ArrayList<String>();
    present.forEach(
        (number, key) -> {
          var condition = "(" + CapturedRows.condition(shapes.key(), key) + ")";
          numbers.append(" WHEN ").append(condition).append(" THEN ").append(number);
          conditions.add(condition);
        });
    return "INSERT INTO %s (%s, %s) SELECT %s END, %s FROM %s WHERE %s AND (%s)"
        .formatted(
            Sql.name(Shapes.DELTA),
            CapturedRows.NUMBER,
            columns,
            numbers,
            columns,
            Sql.name(shapes.names().table()),
            Sql.OWN,
            String.join(" OR ", conditions));
  }

  private String remember() {
    var kept = shapes.columns().kept();
    var shadow = shapes.names().shadow();
    var sets = new ArrayList<String>();
    for (var i = 0; i < kept.size(); i++) {
      sets.add(
          Sql.name(Shapes.DELTA, CapturedRows.kept(i))
              + " = "
              + Sql.name(shadow, kept.get(i).name()));
    }
    return "UPDATE %s JOIN %s ON %s SET %s, %s = 1"
        .formatted(
            Sql.name(Shapes.DELTA),
            Sql.name(shadow),
            shapes.sameKey(Shapes.DELTA, shadow),
            String.join(", ", sets),
            Sql.name(Shapes.DELTA, CapturedRows.KNOWN));
  }

  private static List<Integer> strangers(Session session) {
    return numbers(
        session,
        "SELECT %s FROM %s WHERE %s = 0"
            .formatted(CapturedRows.NUMBER, Sql.name(Shapes.DELTA), CapturedRows.KNOWN));
  }

  private String insertKnown() {
    var names = new ArrayList<String>();
    var values = new ArrayList<String>();
    for (var pair : shapes.columns().pairs()) {
      names.add(pair.to().name());
      values.add(Sql.name(Shapes.DELTA, pair.from().name()));
    }
    var kept = shapes.columns().kept();
    for (var i = 0; i < kept.size(); i++) {
      names.add(kept.get(i).name());
      values.add(Sql.name(Shapes.DELTA, CapturedRows.kept(i)));
    }
    return "INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s = 1"
        .formatted(
            Sql.name(shapes.names().shadow()),
            Sql.names(names),
            String.join(", ", values),
            Sql.name(Shapes.DELTA),
            CapturedRows.KNOWN);
  }

  private List<Integer> lossy(Session session) {
    var shadow = shapes.names().shadow();
    return numbers(
        session,
        "SELECT %s FROM %s LEFT JOIN %s ON %s WHERE %s IS NULL OR NOT (%s)"
            .formatted(
                Sql.name(Shapes.DELTA, CapturedRows.NUMBER),
                Sql.name(Shapes.DELTA),
                Sql.name(shadow),
                shapes.sameKey(Shapes.DELTA, shadow),
                Sql.name(shadow, shapes.shadowKey().getFirst()),
                shapes.equal(Shapes.DELTA, shadow)));
  }

  private static List<Integer> numbers(Session session, String sql) {
    return session.query(sql).stream().map(row -> (int) row.longValue(1)).toList();
  }
}
