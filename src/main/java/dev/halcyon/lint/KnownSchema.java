package dev.halcyon.lint;

import dev.halcyon.model.Trigger;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of the schema before a statement; {@link #apply} goes on to what is known after it.
 * For one thread.
 */
public final class KnownSchema {
  private final boolean closed;
  private final Map<String, KnownTable> tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> views = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * @param closed whether a table that is not known does not exist
   * @param views the text of each view by its name
   */
  public KnownSchema(boolean closed, Collection<KnownTable> tables, Map<String, String> views) {
    this.closed = closed;
    tables.forEach(table -> this.tables.put(table.name(), table));
    this.views.putAll(views);
  }

  /** Nothing is known. */
  public static KnownSchema open() {
    return new KnownSchema(false, List.of(), Map.of());
  }

  /** As the statements of a schema's text make it, which are all that it has. */
  public static KnownSchema of(List<Statement> statements) {
    var schema = new KnownSchema(true, List.of(), Map.of());
    statements.forEach(schema::apply);
    return schema;
  }

  boolean closed() {
    return closed;
  }

  Optional<KnownTable> table(String name) {
    return Optional.ofNullable(tables.get(name));
  }

  /** The table if all of it is known. */
  Optional<KnownTable> whole(String name) {
    return table(name).filter(KnownTable::whole);
  }

  Collection<KnownTable> tables() {
    return List.copyOf(tables.values());
  }

  Map<String, String> views() {
    return views;
  }

  void put(KnownTable table) {
    tables.put(table.name(), table);
  }

  /** Goes on to what is known after the statement. */
  void apply(Statement statement) {
    switch (statement) {
      case Statement.CreateTable s -> {
        if (!views.containsKey(s.table())) {
          put(Definitions.table(s));
        }
      }
      case Statement.AlterTable s -> {
        KnownTable before = table(s.table()).orElseGet(() -> KnownTable.unknown(s.table()));
        KnownTable after = TableChange.apply(before, s.clauses());
        tables.remove(before.name());
        put(after);
      }
      case Statement.DropTable s -> s.tables().forEach(tables::remove);
      case Statement.RenameTable s -> rename(s.from(), s.to());
      case Statement.CreateView s -> views.put(s.view(), s.text());
      case Statement.DropView s -> views.remove(s.view());
      case Statement.CreateTrigger s -> addTrigger(s);
      case Statement.DropTrigger s -> dropTrigger(s.trigger());
      case Statement.CreateRoutine _,
          Statement.DropRoutine _,
          Statement.Insert _,
          Statement.Update _,
          Statement.Delete _,
          Statement.Other _ -> {}
    }
  }

  private void rename(String from, String to) {
    KnownTable table = tables.remove(from);
    if (table != null) {
      put(table.withName(to));
    }
  }

  private void addTrigger(Statement.CreateTrigger statement) {
    KnownTable table =
        table(statement.table()).orElseGet(() -> KnownTable.unknown(statement.table()));
    var triggers = new ArrayList<>(table.triggers());
    triggers.add(Definitions.trigger(statement));
    put(table.withTriggers(triggers));
  }

  private void dropTrigger(String name) {
    for (KnownTable table : tables()) {
      List<Trigger> left =
          table.triggers().stream().filter(t -> !t.name().equalsIgnoreCase(name)).toList();
      if (left.size() < table.triggers().size()) {
        put(table.withTriggers(left));
      }
    }
  }
}
