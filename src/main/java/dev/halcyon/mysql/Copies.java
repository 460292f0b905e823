package dev.halcyon.mysql;

import dev.halcyon.model.Column;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import dev.halcyon.model.View;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies that stand in the scratch schema, and their shapes as last read. A copy that no
 * statement has used up is not made again. For one thread.
 */
final class Copies {
  private static final Logger log = LoggerFactory.getLogger(Copies.class);
  private static final int ROWS = 3;

  /** MySQL counts an instant ADD or DROP COLUMN against the copy too, and stops at 64. */
  private static final int USES = 20;

  /** The body of a trigger that must not act here. */
  static final String STUB = "SET @hal_stub = 1";

  private final Session session;
  private final RealSchema real;
  private final Scratch scratch;
  private final SessionModes modes;

  /** Copies that can be used again, and how often they have been. */
  private final Map<String, Integer> clean = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Elements that statements have made, changed or dropped, and copies that serve one set only. */
  private final Set<String> used = new TreeSet<>();

  private final Set<String> withRealRows = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /** Shapes by table as the server last printed them; no entry if they must be asked for. */
  private final Map<String, Optional<String>> shapes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  Copies(Session session, RealSchema real, Scratch scratch, SessionModes modes) {
    this.session = session;
    this.real = real;
    this.scratch = scratch;
    this.modes = modes;
  }

  /** Makes the scratch schema hold fresh copies of all that is in the set. */
  void prepare(RealSchema.CopySet set) {
    modes.copying();
    dropUsed();
    for (TableSchema table : set.tables().values()) {
      if (!clean.containsKey(table.name())) {
        create(table, set);
      }
    }
    for (String routine : set.routines()) {
      real.createRoutine(routine).filter(sql -> !real.reachesOut(sql)).ifPresent(this::attempt);
      used.add("routine " + routine);
    }
    for (TableSchema table : set.tables().values()) {
      if (set.written().contains(table.name())) {
        createTriggers(table);
      }
    }
    for (View view : set.views()) {
      attempt(real.createView(view));
      used.add("view " + view.name());
    }
  }

  /** The statement has changed these; the next set gets new ones. */
  void changed(StatementObjects objects) {
    objects.elements().forEach(this::use);
    objects.tables().forEach(t -> use("table " + t));
  }

  /** The table has lost its rows. */
  void empty(String table) {
    modes.copying();
    session.execute("DELETE FROM " + Sql.name(table));
    use("table " + table);
    withRealRows.remove(table);
  }

  /** Whether the rows of the copy are rows of the real table. */
  boolean hasRealRows(String table) {
    return withRealRows.contains(table);
  }

  /** The statements on these tables have been undone; the server says that they are as before. */
  void restored(RealSchema.CopySet set, Map<String, String> before) {
    for (TableSchema table : set.tables().values()) {
      String element = "table " + table.name();
      boolean same =
          shape(table.name()).filter(s -> s.equals(before.get(table.name()))).isPresent();
      int uses = clean.getOrDefault(table.name(), 0) + 1;
      if (same && uses < USES && set.isPlain(table, real) && used.remove(element)) {
        clean.put(table.name(), uses);
      }
    }
  }

  /** The server's text of a table in the scratch schema, as last read. */
  Optional<String> shape(String table) {
    return shapes.computeIfAbsent(
        table, t -> Catalog.showCreate(session, scratch.schema(), t).map(Copies::withoutCounter));
  }

  /** The real tables of these names count as others from now on. */
  void forget(Set<String> tables) {
    tables.stream().filter(clean::containsKey).forEach(t -> use("table " + t));
    tables.forEach(shapes::remove);
  }

  /** Forgets what was read, because statements on one table may have changed others. */
  void forgetShapes() {
    shapes.clear();
  }

  SortedMap<String, String> elements(Set<String> objects) {
    var found = new TreeMap<String, String>();
    var others = new TreeSet<String>();
    for (String object : objects) {
      if (object.startsWith("table ")) {
        shape(object.substring("table ".length()))
            .ifPresent(text -> found.putAll(TableShape.elements(text)));
      } else {
        others.add(object);
      }
    }
    if (!others.isEmpty()) {
      found.putAll(Elements.read(session, scratch.schema(), others));
    }
    return found;
  }

  private void use(String element) {
    used.add(element);
    if (element.startsWith("table ")) {
      shapes.remove(element.substring("table ".length()));
    }
  }

  private void dropUsed() {
    for (String element : used) {
      String name = element.substring(element.indexOf(' ') + 1);
      switch (element.substring(0, element.indexOf(' '))) {
        case "table" -> {
          // A view may have taken the name; DROP TABLE then only warns.
          session.execute("DROP TABLE IF EXISTS " + Sql.name(name));
          clean.remove(name);
          shapes.remove(name);
        }
        case "view" -> attempt("DROP VIEW IF EXISTS " + Sql.name(name));
        case "routine" -> {
          session.execute("DROP FUNCTION IF EXISTS " + Sql.name(name));
          session.execute("DROP PROCEDURE IF EXISTS " + Sql.name(name));
          session.execute("DROP EVENT IF EXISTS " + Sql.name(name));
        }
        default -> session.execute("DROP TRIGGER IF EXISTS " + Sql.name(name));
      }
    }
    used.clear();
  }

  private void create(TableSchema table, RealSchema.CopySet set) {
    session.execute(createText(table, set));
    fill(table);
    shapes.remove(table.name());
    if (set.isPlain(table, real)) {
      clean.put(table.name(), 0);
    } else {
      used.add("table " + table.name());
    }
  }

  static String withoutCounter(String text) {
    return text.replaceFirst("(\\n\\)[^\\n]*?) AUTO_INCREMENT=\\d+", "$1");
  }

  private String createText(TableSchema table, RealSchema.CopySet set) {
    String text = withoutCounter(table.showCreate());
    SortedMap<String, String> elements = TableShape.elements(table.showCreate());
    for (ForeignKey key : table.foreignKeys()) {
      String constraint = elements.get("constraint " + table.name() + "." + key.name());
      if (constraint != null && !keeps(key, table, set)) {
        text = text.replace(",\n  " + constraint, "");
      }
    }
    return text.replaceAll(" (?:DATA|INDEX) DIRECTORY\\s*=\\s*'(?:[^']|'')*'", "");
  }

  /** Keys between what is touched and its neighbours; a neighbour's own further keys are left. */
  boolean keeps(ForeignKey key, TableSchema table, RealSchema.CopySet set) {
    return key.referencedSchema().equalsIgnoreCase(real.name())
        && set.tables().containsKey(key.referencedTable())
        && (set.touched().contains(table.name()) || set.touched().contains(key.referencedTable()));
  }

  /** A few real rows; of an empty table one row of implicit values, if the server allows it. */
  private void fill(TableSchema table) {
    List<String> columns =
        table.columns().stream().filter(c -> c.generated() == null).map(Column::name).toList();
    String copy = Sql.name(table.name());
    String names = Sql.names(columns);
    long rows =
        attemptRows(
            "INSERT INTO "
                + copy
                + " ("
                + names
                + ") SELECT "
                + names
                + " FROM "
                + Sql.name(real.name(), table.name())
                + " LIMIT "
                + ROWS);
    if (rows > 0) {
      withRealRows.add(table.name());
    } else {
      withRealRows.remove(table.name());
      attemptRows("INSERT INTO " + copy + " () VALUES ()");
    }
  }

  private void createTriggers(TableSchema table) {
    for (Trigger trigger : table.triggers()) {
      // A trigger that names another schema must not act there; its name and place still count.
      String body = real.reachesOut(trigger.body()) ? STUB : trigger.body();
      modes.ofTrigger(trigger.sqlMode());
      attempt(
          "CREATE TRIGGER "
              + Sql.name(trigger.name())
              + " "
              + trigger.timing()
              + " "
              + trigger.event()
              + " ON "
              + Sql.name(table.name())
              + " FOR EACH ROW "
              + body);
    }
    modes.copying();
  }

  /** What cannot stand in the scratch schema is left out; a statement that needs it says so. */
  private void attempt(String sql) {
    try {
      session.execute(sql);
    } catch (Fault.Refused refused) {
      log.debug("left out of the rehearsal: {}", refused.getMessage());
    }
  }

  private long attemptRows(String sql) {
    try {
      return session.update(sql);
    } catch (Fault.Refused refused) {
      log.debug("no row in the rehearsal: {}", refused.getMessage());
      return 0;
    }
  }

  /** The texts of the given tables, to compare with later. */
  Map<String, String> shapesOf(Set<String> tables) {
    var texts = new HashMap<String, String>();
    for (String table : tables) {
      shape(table).ifPresent(text -> texts.put(table, text));
    }
    return texts;
  }
}
