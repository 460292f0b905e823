package dev.halcyon.mysql;

import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The shape of a schema, or of what a change touches of it.
 *
 * @param tables the server's text by table
 * @param others views, triggers and routines by element
 */
record Snapshot(SortedMap<String, String> tables, SortedMap<String, String> others) {
  private static final Pattern GIVEN_NAME =
      Pattern.compile(".*\\.(?:.*_(?:chk|ibfk)_\\d+|CONSTRAINT_\\d+)");

  private static final Pattern NO_ACTION =
      Pattern.compile(" ON (?:DELETE|UPDATE) (?:NO ACTION|RESTRICT)(?= ON |$)");

  Snapshot {
    tables = copy(tables);
    others = copy(others);
  }

  static Snapshot of(Map<String, String> tables, Map<String, String> others) {
    return new Snapshot(copy(tables), copy(others));
  }

  /** The same without what is left open: the objects that the change does not name itself. */
  Snapshot without(Set<String> elements) {
    var named = new TreeMap<>(others);
    named.keySet().removeAll(elements);
    return new Snapshot(tables, named);
  }

  /** This one, completed with what only the other one has looked at. */
  Snapshot over(Snapshot base, Set<String> looked) {
    var all = new TreeMap<>(tables);
    base.tables.forEach(
        (name, text) -> {
          if (!looked.contains(name)) {
            all.put(name, text);
          }
        });
    var allOthers = new TreeMap<>(others);
    base.others.forEach(
        (name, text) -> {
          if (!looked.contains(name)) {
            allOthers.put(name, text);
          }
        });
    return new Snapshot(all, allOthers);
  }

  /** What differs, in words, each with both texts; empty when the two are equal. */
  List<String> differences(Snapshot actual) {
    if (equals(actual)) {
      return List.of();
    }
    var wanted = elements();
    var found = actual.elements();
    var names = new TreeSet<>(wanted.keySet());
    names.addAll(found.keySet());
    var differences = new ArrayList<String>();
    for (String name : names) {
      String one = wanted.get(name);
      String other = found.get(name);
      if (!Objects.equals(one, other)) {
        differences.add(
            name
                + ": "
                + (other == null ? "is missing" : "is " + other)
                + (one == null ? ", should not be there" : ", should be " + one));
      }
    }
    return differences;
  }

  private SortedMap<String, String> elements() {
    var all = new TreeMap<String, String>();
    for (Map.Entry<String, String> table : tables.entrySet()) {
      TableShape.elements(table.getValue()).forEach((name, text) -> put(all, name, text));
      all.put(
          "order of columns " + table.getKey(),
          String.join(", ", TableShape.columnOrder(table.getValue())));
    }
    all.putAll(others);
    return all;
  }

  /** A name that the server has counted out itself says nothing. */
  private static void put(SortedMap<String, String> all, String name, String printed) {
    // MariaDB prints the action that is none, or does not, depending on the algorithm.
    String text =
        name.startsWith("constraint ") ? NO_ACTION.matcher(printed).replaceAll("") : printed;
    if (name.startsWith("constraint ") && GIVEN_NAME.matcher(name).matches()) {
      String nameless = text.replaceFirst("CONSTRAINT `(?:[^`]|``)*` ", "");
      all.put(name.substring(0, name.indexOf('.')) + ": " + nameless, nameless);
    } else {
      all.put(name, text);
    }
  }

  private static SortedMap<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
