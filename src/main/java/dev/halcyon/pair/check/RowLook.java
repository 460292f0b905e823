package dev.halcyon.pair.check;

import dev.halcyon.model.Column;
import dev.halcyon.model.Index;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.pair.CatchUp;
import dev.halcyon.pair.Pair;
import dev.halcyon.pair.RowText;
import dev.halcyon.pair.check.RowFacts.Clash;
import dev.halcyon.pair.check.RowFacts.Difference;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares all rows of two servers that may be written to meanwhile. A row differs if it does so in
 * two looks, with the same values, and each server has got all of the other one's between them.
 * Reads only. For one thread.
 */
public final class RowLook {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long CHUNK = 1000;
  private static final long FINER = 10;

  /** Of each table; whoever has more must look for the reason, not for rows. */
  private static final int MOST = 10;

  private final Session first;
  private final Session second;
  private final List<String> notCompared = new ArrayList<>();
  private final List<Difference> differences = new ArrayList<>();
  private final Set<Clash> clashes = new LinkedHashSet<>();
  private boolean followed = true;

  private RowLook(Session first, Session second) {
    this.first = first;
    this.second = second;
  }

  /**
   * @throws Refusal if a server does not answer or does not let us in
   */
  public static RowFacts of(Pair pair) {
    try (var first = pair.first().openPatient("compare");
        var second = pair.second().openPatient("compare")) {
      return new RowLook(first, second).run();
    }
  }

  private RowFacts run() {
    // Text of a TIMESTAMP is the same in one zone only.
    first.execute("SET SESSION time_zone = '+00:00'");
    second.execute("SET SESSION time_zone = '+00:00'");
    var here = tables(first);
    var there = tables(second);
    var names = new LinkedHashSet<>(here.keySet());
    names.addAll(there.keySet());
    for (String name : names) {
      var table = here.get(name);
      var twin = there.get(name);
      if (table == null || twin == null) {
        notCompared.add(name + " (it is on one server only)");
      } else {
        compare(table, twin);
      }
    }
    return new RowFacts(followed, notCompared, differences, List.copyOf(clashes));
  }

  private static Map<String, TableSchema> tables(Session session) {
    var names =
        Catalog.tableNames(session, session.schema()).stream()
            .filter(name -> !name.startsWith("halcyon_"))
            .toList();
    return Catalog.tables(session, session.schema(), names);
  }

  private void compare(TableSchema table, TableSchema twin) {
    var columns = RowText.stored(table.columns());
    var key = table.chunkKey();
    if (!names(columns).equals(names(RowText.stored(twin.columns())))) {
      notCompared.add(table.name() + " (its columns differ)");
    } else if (key.isEmpty()) {
      notCompared.add(table.name() + " (it has no primary key)");
    } else {
      try {
        var walked = TableKey.read(first, table.name(), key.get().columns());
        new TableLook(table, columns, key.get(), walked).run();
      } catch (Refusal unwalkable) {
        notCompared.add(table.name() + " (" + unwalkable.findings().getFirst().message() + ")");
      }
    }
  }

  private static List<String> names(List<Column> columns) {
    return columns.stream().map(Column::name).toList();
  }

  /** Until each server has what the other one has logged by now. */
  private void meet() {
    followed &= follows(second, first) && follows(first, second);
  }

  private static boolean follows(Session replica, Session source) {
    return Link.into(replica).stream().anyMatch(Link::running)
        && CatchUp.reached(replica, CatchUp.position(source), PATIENCE);
  }

  /** One table. */
  private final class TableLook {
    private final TableSchema table;
    private final List<Column> columns;
    private final List<Column> keyColumns;
    private final TableKey key;
    private final int before = differences.size();

    TableLook(TableSchema table, List<Column> columns, Index index, TableKey key) {
      this.table = table;
      this.columns = columns;
      this.keyColumns = columnsOf(index);
      this.key = key;
    }

    private List<Column> columnsOf(Index index) {
      return index.columns().stream().map(name -> table.column(name).orElseThrow()).toList();
    }

    void run() {
      @Nullable KeyPosition end = null;
      var walk = KeyWalk.begin(first, key);
      if (walk.isPresent()) {
        walk(first, new KeyRange(null, walk.get().end()), CHUNK);
        end = walk.get().end();
      }
      // What the second one has behind the end of the first.
      var tail = KeyWalk.begin(second, key);
      if (tail.isPresent()) {
        walk(second, new KeyRange(end, tail.get().end()), CHUNK);
      }
    }

    private void walk(Session by, KeyRange range, long size) {
      var walk = new KeyWalk(key, range.upTo());
      var after = range.after();
      var chunk = walk.next(by, after, size);
      while (chunk.isPresent() && differences.size() - before < MOST) {
        compare(by, chunk.get().range(), size);
        after = chunk.get().range().upTo();
        chunk = walk.next(by, after, size);
      }
      // Rows that the other server has behind the last one.
      if (differences.size() - before < MOST && !range.upTo().equals(after)) {
        compare(by, new KeyRange(after, range.upTo()), 1);
      }
    }

    private void compare(Session by, KeyRange range, long size) {
      if (equal(range)) {
        return;
      }
      if (size > 1) {
        walk(by, range, size / FINER);
      } else {
        rows(range);
      }
    }

    private boolean equal(KeyRange range) {
      var sum = "SELECT " + RowText.sum(columns) + " AS rows_sum" + from(range);
      return first
          .first(sum)
          .orElseThrow()
          .string("rows_sum")
          .equals(second.first(sum).orElseThrow().string("rows_sum"));
    }

    private String from(KeyRange range) {
      return " FROM " + Sql.name(table.name()) + " WHERE " + key.condition(table.name(), range);
    }

    /** The rows of a range in which one server has one row at most. */
    private void rows(KeyRange range) {
      meet();
      var earlier = differing(range);
      if (earlier.isEmpty()) {
        return;
      }
      meet();
      var later = differing(range);
      for (Difference difference : later) {
        if (earlier.contains(difference) && differences.size() - before < MOST) {
          differences.add(difference);
          clashes(difference);
        }
      }
    }

    private List<Difference> differing(KeyRange range) {
      var here = values(first, range);
      var there = values(second, range);
      var places = new LinkedHashSet<>(here.keySet());
      places.addAll(there.keySet());
      return places.stream()
          .map(
              place ->
                  new Difference(
                      table.name(),
                      place,
                      here.getOrDefault(place, ""),
                      there.getOrDefault(place, "")))
          .filter(one -> !one.first().equals(one.second()))
          .toList();
    }

    private SortedMap<String, String> values(Session session, KeyRange range) {
      var values = new TreeMap<String, String>();
      session
          .query(
              "SELECT %s AS place, %s AS content%s LIMIT %d"
                  .formatted(
                      RowText.condition(keyColumns),
                      RowText.assignments(columns),
                      from(range),
                      MOST))
          .forEach(row -> values.put(row.string("place"), row.string("content")));
      return values;
    }

    /** Another row on the other server with the same value of a unique key. */
    private void clashes(Difference difference) {
      for (Index index : table.indexes()) {
        boolean whole =
            index.parts().stream().allMatch(p -> p.column() != null && p.prefix() == null);
        if (index.unique() && whole && !columnsOf(index).equals(keyColumns)) {
          if (!difference.first().isEmpty()) {
            clash(index, difference.where(), first, second);
          }
          if (!difference.second().isEmpty()) {
            clash(index, difference.where(), second, first);
          }
        }
      }
    }

    private void clash(Index index, String place, Session has, Session other) {
      Optional<String> value =
          one(has, RowText.condition(columnsOf(index)), place).filter(text -> !text.isEmpty());
      if (value.isEmpty()) {
        return;
      }
      var theirs = one(other, RowText.condition(keyColumns), value.get()).orElse("");
      if (!theirs.isEmpty() && !theirs.equals(place)) {
        var mine = has == first ? place : theirs;
        var twin = has == first ? theirs : place;
        clashes.add(
            new Clash(
                table.name(),
                index.name(),
                value.get(),
                mine,
                twin,
                one(first, RowText.assignments(keyColumns), mine).orElse("")));
      }
    }

    private Optional<String> one(Session session, String expression, String where) {
      return session
          .first(
              "SELECT COALESCE(%s, '') AS text FROM %s WHERE %s LIMIT 1"
                  .formatted(expression, Sql.name(table.name()), where))
          .map(row -> row.string("text"));
    }
  }
}
