package dev.halcyon.mysql;

import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import dev.halcyon.model.View;
import dev.halcyon.sql.Sql;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The views and triggers as a rehearsed change leaves them, for the changes that come after it. */
record LeftBehind(List<Trigger> triggers, Map<String, View> views) {

  /** What stands in the scratch schema now. */
  static LeftBehind read(Session session, String scratch, String real, Collection<String> tables) {
    var views = new TreeMap<String, View>(String.CASE_INSENSITIVE_ORDER);
    Catalog.views(session, scratch)
        .forEach((name, view) -> views.put(name, moved(view, scratch, real)));
    return new LeftBehind(Catalog.triggers(session, scratch, tables), views);
  }

  /** The table with the triggers that it then has; who defined them stays. */
  TableSchema withTriggers(TableSchema after, Collection<Trigger> before) {
    List<Trigger> own =
        triggers.stream()
            .filter(t -> t.table().equalsIgnoreCase(after.name()))
            .map(
                t ->
                    before.stream()
                        .filter(b -> same(b, t))
                        .findFirst()
                        .map(b -> of(b, t))
                        .orElse(t))
            .toList();
    return new TableSchema(
        after.name(),
        after.engine(),
        after.columns(),
        after.indexes(),
        after.foreignKeys(),
        after.checks(),
        own,
        after.partitioned(),
        after.showCreate(),
        after.rows(),
        after.bytes());
  }

  /** The views of the schema with what the change has made of them. */
  Map<String, View> over(Map<String, View> real) {
    var all = new TreeMap<String, View>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(real);
    views.forEach(
        (name, view) -> {
          View before = real.get(name);
          all.put(name, before == null ? view : definedBy(before, view));
        });
    return all;
  }

  private static boolean same(Trigger one, Trigger other) {
    return one.name().equalsIgnoreCase(other.name());
  }

  private static Trigger of(Trigger before, Trigger now) {
    return new Trigger(
        now.name(),
        now.table(),
        now.timing(),
        now.event(),
        now.body().equals(Copies.STUB) ? before.body() : now.body(),
        before.definer(),
        before.sqlMode(),
        before.collation(),
        now.order());
  }

  private static View definedBy(View before, View now) {
    return new View(
        now.name(),
        now.definition(),
        before.definer(),
        now.security(),
        now.checkOption(),
        now.tables());
  }

  private static View moved(View view, String scratch, String real) {
    return new View(
        view.name(),
        view.definition().replace(Sql.name(scratch) + ".", Sql.name(real) + "."),
        view.definer(),
        view.security(),
        view.checkOption(),
        view.tables());
  }
}
