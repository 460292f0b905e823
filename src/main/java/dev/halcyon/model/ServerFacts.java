package dev.halcyon.model;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What planning may know of the server, captured beforehand so that planning stays pure.
 *
 * @param before the real tables of the schema, by name
 * @param after the same tables when the change's own statements have run in the scratch schema; a
 *     table that is gone then is missing, a new one is there
 * @param views the views of the schema, by name
 * @param referencing foreign keys of any table that point at a table of {@code before}
 * @param windows the windows that are open, with what each touches
 */
public record ServerFacts(
    Engine engine,
    ServerVersion version,
    String schema,
    Map<String, TableSchema> before,
    Map<String, TableSchema> after,
    Map<String, View> views,
    List<ForeignKey> referencing,
    List<Window> windows) {

  /**
   * An open window.
   *
   * @param touches {@code table.column} or {@code table} for the whole table
   */
  public record Window(Version version, List<String> touches) {
    public Window {
      touches = List.copyOf(touches);
    }
  }

  public ServerFacts {
    before = sorted(before);
    after = sorted(after);
    views = sorted(views);
    referencing = List.copyOf(referencing);
    windows = List.copyOf(windows);
  }

  public Optional<TableSchema> table(String name) {
    return find(before, name);
  }

  public Optional<TableSchema> tableAfter(String name) {
    return find(after, name);
  }

  public Collection<View> viewsReading(String table) {
    return views.values().stream()
        .filter(v -> v.tables().stream().anyMatch(table::equalsIgnoreCase))
        .toList();
  }

  private static <T> Map<String, T> sorted(Map<String, T> map) {
    var copy = new TreeMap<String, T>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(map);
    return java.util.Collections.unmodifiableMap(copy);
  }

  private static <T> Optional<T> find(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name));
  }
}
