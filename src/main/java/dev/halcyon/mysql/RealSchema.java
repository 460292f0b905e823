package dev.halcyon.mysql;

import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.View;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a rehearsal has read of the real schema. Each thing is read once, so that a thousand changes
 * do not ask a thousand times. For one thread.
 */
final class RealSchema {
  private final Session session;
  private final String name;
  private final Set<String> tableNames = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, TableSchema> tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, View> views;
  private final List<ForeignKey> references;
  private final Map<String, String> routines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Optional<String>> routineTexts = new HashMap<>();
  private final Pattern anySchema;

  RealSchema(Session session, String name) {
    this.session = session;
    this.name = name;
    tableNames.addAll(Catalog.tableNames(session, name));
    views = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    views.putAll(Catalog.views(session, name));
    references = new ArrayList<>(ForeignKeys.ofSchema(session, name));
    for (Row row :
        session.query(
            "SELECT routine_name AS name, routine_type AS kind FROM information_schema.routines"
                + " WHERE routine_schema = ? AND routine_type IN ('FUNCTION', 'PROCEDURE')",
            name)) {
      routines.put(row.string("name"), row.string("kind"));
    }
    var schemas = new ArrayList<String>();
    for (Row row : session.query("SELECT schema_name AS name FROM information_schema.schemata")) {
      schemas.add(Pattern.quote(row.string("name")));
    }
    anySchema =
        Pattern.compile("(?i)(?<![\\w$.`])`?(?:" + String.join("|", schemas) + ")`?\\s*\\.");
  }

  String name() {
    return name;
  }

  Map<String, View> views() {
    return views;
  }

  /** Foreign keys of any table that point at one of the given tables. */
  List<ForeignKey> referencing(Collection<String> targets) {
    return references.stream()
        .filter(key -> targets.stream().anyMatch(key.referencedTable()::equalsIgnoreCase))
        .toList();
  }

  /** Whether running the text in a scratch schema could reach out of it. */
  boolean reachesOut(String sql) {
    return anySchema.matcher(sql).find();
  }

  boolean hasRoutine(String routine) {
    return routines.containsKey(routine);
  }

  /** The statement that makes the routine, without its definer; empty if it may not be seen. */
  Optional<String> createRoutine(String routine) {
    return routineTexts.computeIfAbsent(
        routine, r -> Elements.routine(session, name, r, routines.getOrDefault(r, "FUNCTION")));
  }

  /** The given tables that exist. */
  Map<String, TableSchema> tables(Collection<String> wanted) {
    var missing = new ArrayList<String>();
    for (String table : wanted) {
      if (tableNames.contains(table) && !tables.containsKey(table)) {
        missing.add(table);
      }
    }
    if (!missing.isEmpty()) {
      tables.putAll(Catalog.tables(session, name, missing));
    }
    var found = new TreeMap<String, TableSchema>(String.CASE_INSENSITIVE_ORDER);
    for (String table : wanted) {
      Optional.ofNullable(tables.get(table)).ifPresent(t -> found.put(t.name(), t));
    }
    return found;
  }

  /** From now on the tables count as they will be after a change. */
  void assume(Map<String, TableSchema> before, Map<String, TableSchema> after) {
    for (String table : before.keySet()) {
      tableNames.remove(table);
      tables.remove(table);
    }
    tableNames.addAll(after.keySet());
    tables.putAll(after);
    references.removeIf(key -> before.containsKey(key.table()));
    after.values().forEach(table -> references.addAll(table.foreignKeys()));
  }

  /** The views count as they will be after a change. */
  void assume(LeftBehind left) {
    var all = left.over(views);
    views.clear();
    views.putAll(all);
  }

  /** What must be copied for statements that use the given words. */
  CopySet copySet(Set<String> words) {
    var touched = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    words.stream().filter(tableNames::contains).forEach(touched::add);
    var copiedViews = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    words.stream().filter(views::containsKey).forEach(copiedViews::add);
    var called = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    words.stream().filter(routines::containsKey).forEach(called::add);
    var all = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    addViews(touched, copiedViews, all);
    for (String view : copiedViews) {
      Optional.ofNullable(views.get(view)).stream()
          .flatMap(v -> StatementObjects.words(v.definition()).stream())
          .filter(routines::containsKey)
          .forEach(called::add);
    }
    Set<String> written = reach(touched, called);
    all.addAll(written);
    for (TableSchema table : tables(touched).values()) {
      for (ForeignKey key : table.foreignKeys()) {
        if (key.referencedSchema().equalsIgnoreCase(name)) {
          all.add(key.referencedTable());
        }
      }
    }
    for (ForeignKey key : referencing(touched)) {
      if (tableNames.contains(key.table())) {
        all.add(key.table());
      }
    }
    return new CopySet(touched, written, tables(all), inOrder(copiedViews), called);
  }

  /**
   * The tables that a write of the given ones may use through triggers, theirs included, and
   * through the routines that these call, which are added.
   */
  private Set<String> reach(Set<String> from, Set<String> called) {
    var reached = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    var next = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    next.addAll(from);
    var read = new HashSet<String>();
    while (!next.isEmpty() || !read.containsAll(called)) {
      reached.addAll(next);
      var words = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
      for (TableSchema table : tables(next).values()) {
        table.triggers().forEach(t -> words.addAll(StatementObjects.words(t.body())));
      }
      for (String routine : called) {
        if (read.add(routine)) {
          createRoutine(routine).ifPresent(text -> words.addAll(StatementObjects.words(text)));
        }
      }
      words.stream().filter(routines::containsKey).forEach(called::add);
      words.retainAll(tableNames);
      words.removeAll(reached);
      next.clear();
      next.addAll(words);
    }
    return reached;
  }

  /** Views over the tables, views over those views, and the tables that all of these read. */
  private void addViews(Set<String> touched, Set<String> chosen, Set<String> all) {
    boolean more = true;
    while (more) {
      more = false;
      for (View view : views.values()) {
        boolean reads =
            view.tables().stream().anyMatch(t -> touched.contains(t) || chosen.contains(t));
        if ((reads && chosen.add(view.name())) || chosen.contains(view.name())) {
          for (String table : view.tables()) {
            more |= views.containsKey(table) ? chosen.add(table) : all.add(table);
          }
        }
      }
    }
  }

  private List<View> inOrder(Set<String> chosen) {
    var order = new ArrayList<View>();
    var placed = new HashSet<String>();
    boolean more = true;
    while (more) {
      more = false;
      for (String viewName : chosen) {
        View view = views.get(viewName);
        if (view != null
            && !placed.contains(viewName)
            && view.tables().stream().allMatch(t -> !chosen.contains(t) || placed.contains(t))) {
          order.add(view);
          more = placed.add(viewName);
        }
      }
    }
    return order;
  }

  /** The statement that makes the view where its names have no schema. */
  String createView(View view) {
    return "CREATE SQL SECURITY "
        + view.security()
        + " VIEW "
        + Sql.name(view.name())
        + " AS "
        + view.definition().replace(Sql.name(name) + ".", "")
        + (view.checkOption().equals("NONE")
            ? ""
            : " WITH " + view.checkOption() + " CHECK OPTION");
  }

  /**
   * What a rehearsal needs copied.
   *
   * @param touched what the statements name
   * @param written the touched tables and those that their triggers use; the triggers of these act,
   *     all other tables only stand around them
   * @param views in an order in which they can be made
   * @param routines that any of it calls
   */
  record CopySet(
      Set<String> touched,
      Set<String> written,
      Map<String, TableSchema> tables,
      List<View> views,
      Set<String> routines) {
    /** Whether a table stands alone, so that its copy can be used again. */
    boolean isPlain(TableSchema table, RealSchema real) {
      return table.foreignKeys().isEmpty()
          && table.triggers().isEmpty()
          && views.stream().noneMatch(v -> v.tables().contains(table.name()))
          && real.referencing(List.of(table.name())).isEmpty();
    }
  }
}
