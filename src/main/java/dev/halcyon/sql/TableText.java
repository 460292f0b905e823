package dev.halcyon.sql;

import dev.halcyon.model.Check;
import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a table as values, read from the server's own {@code SHOW CREATE TABLE} text. It is
 * the one source that the server takes back as it is.
 *
 * @param engine the storage engine
 */
public record TableText(
    String name,
    String engine,
    List<Column> columns,
    List<Index> indexes,
    List<ForeignKey> foreignKeys,
    List<Check> checks,
    boolean partitioned) {
  private static final Pattern STORAGE = Pattern.compile("ENGINE=(\\w+)");

  public TableText {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    foreignKeys = List.copyOf(foreignKeys);
    checks = List.copyOf(checks);
  }

  /**
   * @param schema in which the table stands
   * @throws IllegalArgumentException when the text is not that of a table
   */
  public static TableText read(
      String showCreate, String schema, Engine engine, TextDefaults defaults) {
    SortedMap<String, String> elements = TableShape.elements(showCreate);
    String name =
        elements.keySet().stream()
            .filter(e -> e.startsWith("table "))
            .map(e -> e.substring("table ".length()))
            .findFirst()
            .orElseThrow();
    var columns = new ArrayList<Column>();
    for (String column : TableShape.columnOrder(showCreate)) {
      String text = elements.get("column " + name + "." + column);
      if (text == null) {
        throw new IllegalArgumentException("no column " + column + " in: " + showCreate);
      }
      columns.add(ColumnText.read(column, text, defaults));
    }
    var indexes = new ArrayList<Index>();
    var foreignKeys = new ArrayList<ForeignKey>();
    var checks = new ArrayList<Check>();
    String keyHead = "key " + name + ".";
    String constraintHead = "constraint " + name + ".";
    String otherwise =
        switch (engine) {
          case MYSQL -> "NO ACTION";
          case MARIADB -> "RESTRICT";
        };
    elements.forEach(
        (element, text) -> {
          if (element.startsWith(keyHead)) {
            indexes.add(KeyText.read(element.substring(keyHead.length()), text));
          } else if (element.startsWith(constraintHead)) {
            var constraint = new ConstraintText(text);
            String bare = element.substring(constraintHead.length());
            if (constraint.isForeignKey()) {
              foreignKeys.add(constraint.foreignKey(bare, name, schema, otherwise));
            } else {
              checks.add(constraint.check(bare));
            }
          }
        });
    boolean partitioned = elements.containsKey("partitions " + name);
    Matcher storage = STORAGE.matcher(elements.getOrDefault("options " + name, ""));
    String storageEngine = storage.find() ? storage.group(1) : "";
    return new TableText(name, storageEngine, columns, indexes, foreignKeys, checks, partitioned);
  }
}
