package dev.halcyon.mysql;

import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Copies as temporary tables. They cost the server a tenth of real ones and show the same shape, as
 * long as only columns and plain indexes are at stake; of algorithms they tell nothing. They hide
 * tables of the same name until they are closed. For one thread.
 */
final class TemporaryTables implements AutoCloseable {
  private static final Set<String> NEED_MORE =
      Set.of(
          "REFERENCES",
          "FOREIGN",
          "CONSTRAINT",
          "CHECK",
          "FULLTEXT",
          "SPATIAL",
          "VECTOR",
          "PARTITION",
          "PARTITIONS",
          "SELECT",
          "LIKE",
          "PERIOD",
          "VERSIONING",
          "TABLESPACE",
          "DIRECTORY",
          "TEMPORARY",
          "UNION",
          "ROW_FORMAT",
          "KEY_BLOCK_SIZE",
          "ENGINE");
  private static final Pattern CREATE = Pattern.compile("(?is)\\s*CREATE\\s+TABLE\\s.*");
  private static final Pattern DROP = Pattern.compile("(?is)\\s*DROP\\s+TABLE\\s.*");

  private final Session session;
  private final Map<String, String> known;
  private final Set<String> made = new TreeSet<>();
  private final SortedMap<String, String> shapes = new TreeMap<>();
  private final Map<String, SortedMap<String, String>> elements = new HashMap<>();

  /**
   * @param known the server's own text for a text that it has been given before
   */
  TemporaryTables(Session session, Map<String, String> known) {
    this.session = session;
    this.known = known;
  }

  /** Whether a statement means the same to a temporary table. */
  static boolean suffice(String sql) {
    var objects = StatementObjects.of(sql);
    return (StatementObjects.isAlterTable(sql)
            || CREATE.matcher(sql).matches()
            || DROP.matcher(sql).matches())
        && objects.tables().size() == 1
        && Collections.disjoint(StatementObjects.words(sql), NEED_MORE);
  }

  static boolean suffice(RealSchema.CopySet set, RealSchema real) {
    return set.views().isEmpty()
        && set.tables().values().stream().allMatch(t -> set.isPlain(t, real) && !t.partitioned());
  }

  void copy(TableSchema table) {
    String text = Copies.withoutCounter(table.showCreate());
    session.execute("CREATE TEMPORARY" + text.substring("CREATE".length()));
    made.add(table.name());
    String shape = known.get(text);
    if (shape != null) {
      shapes.put(table.name(), shape);
    } else {
      read(table.name());
      known.put(text, shapes.get(table.name()));
    }
  }

  /** Runs a statement that {@link #suffice} allows. */
  void run(String sql) {
    String table = StatementObjects.of(sql).tables().iterator().next();
    if (CREATE.matcher(sql).matches()) {
      session.execute(sql.replaceFirst("(?i)CREATE\\s+TABLE", "CREATE TEMPORARY TABLE"));
      made.add(table);
    } else if (DROP.matcher(sql).matches()) {
      session.execute(sql.replaceFirst("(?i)DROP\\s+TABLE", "DROP TEMPORARY TABLE"));
      made.remove(table);
    } else {
      session.execute(sql);
    }
    read(table);
  }

  /** The shapes of all the tables, as if they were real ones. */
  SortedMap<String, String> shapes() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(shapes));
  }

  /** What the table consists of; nothing when it is not there. */
  SortedMap<String, String> elements(String table) {
    String shape = shapes.get(table);
    return shape == null ? new TreeMap<>() : elements.computeIfAbsent(shape, TableShape::elements);
  }

  private void read(String table) {
    shapes.remove(table);
    if (made.contains(table)) {
      session
          .first("SHOW CREATE TABLE " + Sql.name(table))
          .map(row -> row.string(2).replaceFirst("^CREATE TEMPORARY", "CREATE"))
          .ifPresent(text -> shapes.put(table, Copies.withoutCounter(text)));
    }
  }

  @Override
  public void close() {
    if (!made.isEmpty()) {
      session.execute("DROP TEMPORARY TABLE IF EXISTS " + Sql.names(made));
      made.clear();
    }
  }
}
