package dev.halcyon.mysql;

import dev.halcyon.model.TableSchema;
import dev.halcyon.plan.Step.Conditions;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies as temporary tables. They cost the server a tenth of real ones and show the same shape, as
 * long as only columns and plain indexes are at stake; of algorithms they tell nothing.
 *
 * <p>A copy that stands as a change left it is the next change's copy before it. They hide tables
 * of the same name until they are dropped: {@link #clear} before anything is done on real copies.
 * For one thread.
 */
final class TemporaryTables {
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

  /** The name of the table; TO may be left out before it. */
  private static final Pattern RENAME =
      Pattern.compile("(?i)\\bRENAME\\s+(?!(?:COLUMN|INDEX|KEY)\\b)");

  /** The server keeps each in its memory. */
  private static final int MOST = 200;

  private static final Logger log = LoggerFactory.getLogger(TemporaryTables.class);
  private static final String PERMANENT = "CREATE TABLE";
  private static final String TEMPORARY = "CREATE TEMPORARY TABLE";

  private final Session session;
  private final SessionModes modes;

  /** The server's own text by the text it was given. */
  private final Map<String, String> printed = new Recent<>(MOST);

  private final Map<String, SortedMap<String, String>> elements = new Recent<>(MOST);

  /** What is there, as last read. */
  private final NavigableMap<String, String> shapes = new TreeMap<>();

  /**
   * What may be there: all of the shapes, and what was being made when the server refused. What was
   * used last comes last.
   */
  private final SequencedSet<String> made = new LinkedHashSet<>();

  /** Of which tables the present set and the statements since then are. */
  private final Set<String> scope = new TreeSet<>();

  private Snapshot before = Snapshot.of(Map.of(), Map.of());
  private boolean settled = true;

  /** Keeps what was used last. */
  private static final class Recent<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;
    private final int most;

    private Recent(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > most;
    }
  }

  TemporaryTables(Session session, SessionModes modes) {
    this.session = session;
    this.modes = modes;
  }

  /** Whether a statement means the same to a temporary table. */
  static boolean suffice(String sql) {
    var objects = StatementObjects.of(sql);
    return (StatementObjects.isAlterTable(sql)
            || CREATE.matcher(sql).matches()
            || DROP.matcher(sql).matches())
        && objects.tables().size() == 1
        && Collections.disjoint(StatementObjects.words(sql), NEED_MORE)
        && !RENAME.matcher(sql).find();
  }

  static boolean suffice(RealSchema.CopySet set, RealSchema real) {
    return set.views().isEmpty()
        && set.tables().values().stream().allMatch(t -> set.isPlain(t, real) && !t.partitioned());
  }

  /**
   * Makes copies of these tables stand as the tables are, and none that only a change left.
   *
   * @return whether they do; if not, real copies tell why
   */
  boolean hold(Collection<TableSchema> tables) {
    var wanted = new TreeMap<String, TableSchema>();
    tables.forEach(t -> wanted.put(t.name(), t));
    var unwanted = new TreeSet<String>(settled ? Set.of() : scope);
    made.stream().limit(made.size() > MOST ? MOST / 2 : 0).forEach(unwanted::add);
    unwanted.removeAll(wanted.keySet());
    wanted.values().stream().filter(t -> !stands(t)).forEach(t -> unwanted.add(t.name()));
    unwanted.retainAll(made);
    drop(unwanted);
    settled = false;
    scope.clear();
    scope.addAll(wanted.keySet());
    boolean all = true;
    for (TableSchema table : wanted.values()) {
      boolean there = made.contains(table.name());
      made.addLast(table.name());
      all = all && (there || copy(table));
    }
    before = snapshot();
    return all;
  }

  /** What the change in hand has left behind is what the next one begins with. */
  void settle() {
    settled = true;
  }

  private boolean stands(TableSchema table) {
    String text = text(table);
    String there = shapes.get(table.name());
    return there != null && (there.equals(text) || there.equals(printed.get(text)));
  }

  private static String text(TableSchema table) {
    return Copies.withoutCounter(table.showCreate());
  }

  private boolean copy(TableSchema table) {
    String text = text(table);
    modes.copying();
    if (!taken(TEMPORARY + text.substring(PERMANENT.length()))) {
      return false;
    }
    String shape = printed.get(text);
    if (shape != null) {
      shapes.put(table.name(), shape);
      return true;
    }
    boolean seen = read(table.name());
    Optional.ofNullable(shapes.get(table.name())).ifPresent(read -> printed.put(text, read));
    return seen;
  }

  /**
   * Runs a statement that {@link #suffice} allows.
   *
   * @return whether the server took it; if not, real copies tell whether it means it
   */
  boolean run(String sql, Conditions conditions) {
    String table = StatementObjects.of(sql).tables().iterator().next();
    modes.apply(conditions);
    scope.add(table);
    shapes.remove(table);
    if (DROP.matcher(sql).matches()) {
      boolean dropped = taken(sql.replaceFirst("(?i)DROP\\s+TABLE", "DROP TEMPORARY TABLE"));
      made.remove(table);
      return dropped;
    }
    if (CREATE.matcher(sql).matches()) {
      made.add(table);
      return taken(sql.replaceFirst("(?i)CREATE\\s+TABLE", TEMPORARY)) && read(table);
    }
    // The name might mean a real copy otherwise.
    return made.contains(table) && taken(sql) && read(table);
  }

  /** What the set consisted of when it was last held. */
  Snapshot before() {
    return before;
  }

  /** What it consists of now, as if the tables were real ones. */
  Snapshot snapshot() {
    var present = new TreeMap<>(shapes);
    present.keySet().retainAll(scope);
    return Snapshot.of(present, Map.of());
  }

  /** What the table consists of; nothing when it is not there. */
  SortedMap<String, String> elements(String table) {
    String shape = shapes.get(table);
    return shape == null ? new TreeMap<>() : elements.computeIfAbsent(shape, TableShape::elements);
  }

  /** Whether a query means something here. */
  boolean canRead(String sql) {
    try {
      var _ = session.first(sql);
      return true;
    } catch (Fault.Refused refused) {
      return false;
    }
  }

  private boolean taken(String sql) {
    try {
      session.execute(sql);
      return true;
    } catch (Fault.Refused refused) {
      log.debug("left to real copies: {}", refused.getMessage());
      return false;
    }
  }

  private boolean read(String table) {
    Optional<String> shape =
        session
            .first("SHOW CREATE TABLE " + Sql.name(table))
            .map(row -> row.string(2))
            .filter(text -> text.startsWith(TEMPORARY))
            .map(text -> Copies.withoutCounter(PERMANENT + text.substring(TEMPORARY.length())));
    shape.ifPresent(text -> shapes.put(table, text));
    return shape.isPresent();
  }

  /** Drops them all. */
  void clear() {
    drop(made);
    scope.clear();
  }

  /**
   * Drops those that a text can mean.
   *
   * @param words without regard to case
   */
  void clear(Set<String> words) {
    drop(made.stream().filter(words::contains).collect(Collectors.toSet()));
  }

  private void drop(Set<String> tables) {
    if (!tables.isEmpty()) {
      var gone = List.copyOf(tables);
      session.execute("DROP TEMPORARY TABLE IF EXISTS " + Sql.names(gone));
      gone.forEach(shapes::remove);
      made.removeAll(gone);
    }
  }
}
