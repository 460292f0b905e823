package dev.halcyon.mysql;

import dev.halcyon.plan.Algorithm;
import dev.halcyon.sql.TableShape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Remembers which algorithm the server took for a kind of ALTER, so that of a thousand columns
 * added alike it is asked once. Two statements are of one kind when they differ in names only, on
 * tables that are alike in all that the server looks at: their options, the kinds of their keys,
 * generated columns and checks, and everything that mentions a column that the statement names. A
 * wrong guess would be refused when the plan runs, since every ALTER carries its algorithm.
 */
final class Kinds {
  private static final Pattern NAME = Pattern.compile("`((?:[^`]|``)+)`");
  private static final int COLUMNS_ALIKE = 100;

  private final Map<String, Algorithm> known = new HashMap<>();

  /**
   * @param elements of the table, as {@link TableShape#elements} has them
   */
  void learn(String sql, SortedMap<String, String> elements, Algorithm algorithm) {
    known.put(kind(sql, elements), algorithm);
  }

  Optional<Algorithm> of(String sql, SortedMap<String, String> elements) {
    return elements.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(known.get(kind(sql, elements)));
  }

  private static String kind(String sql, SortedMap<String, String> elements) {
    String head =
        elements.keySet().stream().filter(e -> e.startsWith("table ")).findFirst().orElseThrow();
    String table = head.substring("table ".length());
    var kind = new StringBuilder();
    Matcher name = NAME.matcher(sql);
    while (name.find()) {
      name.appendReplacement(
          kind, Matcher.quoteReplacement(meaning(name.group(1), table, elements)));
    }
    name.appendTail(kind);
    return kind + " on " + likeness(table, elements);
  }

  /** A name stands for what it names, and for all that would be affected with it. */
  private static String meaning(String name, String table, SortedMap<String, String> elements) {
    if (name.equals(table)) {
      return "`table`";
    }
    var meanings = new TreeSet<String>();
    String quoted = "`" + name + "`";
    elements.forEach(
        (element, text) -> {
          if (element.endsWith(" " + table + "." + name)
              || (!element.startsWith("options ") && text.contains(quoted))) {
            String kindOf = element.substring(0, element.indexOf(' '));
            String others = text.replace(quoted, "=");
            meanings.add(kindOf + " " + NAME.matcher(others).replaceAll("+"));
          }
        });
    return "`" + (meanings.isEmpty() ? "new" : meanings) + "`";
  }

  private static String likeness(String table, SortedMap<String, String> elements) {
    var traits = new TreeSet<String>();
    int columns = 0;
    for (Map.Entry<String, String> element : elements.entrySet()) {
      String text = element.getValue();
      switch (element.getKey().substring(0, element.getKey().indexOf(' '))) {
        case "column" -> {
          columns++;
          if (text.contains("GENERATED ALWAYS") || text.contains("COMPRESSED")) {
            traits.add(NAME.matcher(text).replaceAll("+"));
          }
        }
        case "key" ->
            traits.add("key " + text.substring(0, text.indexOf(' ')) + text.contains("USING HASH"));
        case "options" -> traits.add(text.replaceFirst(" COMMENT='(?:[^'\\\\]|''|\\\\.)*'", ""));
        case "table" -> traits.add(element.getValue());
        default -> traits.add(NAME.matcher(text).replaceAll("+"));
      }
    }
    return traits
        + " "
        + columns / COLUMNS_ALIKE
        + " "
        + elements.containsKey("key " + table + ".PRIMARY");
  }
}
