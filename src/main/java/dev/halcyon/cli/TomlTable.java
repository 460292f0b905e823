package dev.halcyon.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A table of a TOML file that is asked for its keys one by one; what is left at the end is unknown.
 * Collects every problem. For one thread.
 */
final class TomlTable {
  private final String name;
  private final JsonNode node;
  private final List<String> problems;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param name with a dot at its end, or empty
   */
  TomlTable(String name, JsonNode node, List<String> problems) {
    this.name = name;
    this.node = node;
    this.problems = problems;
  }

  boolean has(String key) {
    known.add(key);
    return node.has(key);
  }

  void report(String key, String problem) {
    problems.add(name + key + " " + problem);
  }

  /** A table; empty when it is not there. */
  TomlTable table(String key) {
    known.add(key);
    JsonNode found = node.path(key);
    if (!found.isMissingNode() && !found.isObject()) {
      report(key, "is a table");
    }
    return new TomlTable(
        name + key + ".",
        found.isObject() ? found : JsonNodeFactory.instance.objectNode(),
        problems);
  }

  /** Each {@code [[key]]}. */
  List<TomlTable> tables(String key) {
    known.add(key);
    var all = new ArrayList<TomlTable>();
    int number = 0;
    for (JsonNode element : node.path(key)) {
      number++;
      String title = name + key + "[" + number + "]";
      if (element.isObject()) {
        all.add(new TomlTable(title + ".", element, problems));
      } else {
        problems.add(title + " is a table");
      }
    }
    return all;
  }

  @Nullable String text(String key) {
    known.add(key);
    JsonNode found = node.path(key);
    if (found.isMissingNode()) {
      return null;
    }
    if (!found.isValueNode() || found.asString().isBlank()) {
      report(key, "takes one value");
      return null;
    }
    return found.asString();
  }

  String required(String key) {
    String text = text(key);
    if (text == null && !node.has(key)) {
      report(key, "is not set");
    }
    return text == null ? "" : text;
  }

  /** A value or an array of them. */
  List<String> texts(String key) {
    known.add(key);
    JsonNode found = node.path(key);
    if (found.isArray()) {
      return found.valueStream().map(JsonNode::asString).toList();
    }
    return found.isValueNode() ? List.of(found.asString()) : List.of();
  }

  /** The values of a table by their names. */
  Map<String, String> values(String key) {
    known.add(key);
    var values = new LinkedHashMap<String, String>();
    JsonNode found = node.path(key);
    if (!found.isMissingNode() && !found.isObject()) {
      report(key, "is a table");
    }
    found.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asString()));
    return values;
  }

  Duration time(String key, Duration otherwise) {
    return parsed(
        key,
        text -> {
          Duration time = Layers.parsed(text).orElse(null);
          return time == null || time.isZero() ? null : time;
        },
        "a time such as 500ms, 30s or 5m",
        otherwise);
  }

  long count(String key, long most, long otherwise) {
    return parsed(
        key,
        text -> {
          long number = text.matches("\\d{1,9}") ? Long.parseLong(text) : -1;
          return number < 0 || number > most ? null : Long.valueOf(number);
        },
        "a whole number up to " + most,
        otherwise);
  }

  boolean flag(String key) {
    return parsed(
        key,
        text -> text.matches("true|false") ? Boolean.valueOf(text) : null,
        "true or false",
        false);
  }

  /** Anything else that is written as one value. */
  <T> T parsed(String key, Function<String, @Nullable T> parse, String shape, T otherwise) {
    T value = parsed(key, parse, shape);
    return value == null ? otherwise : value;
  }

  /** As above; null when it is not there or not right. */
  <T> @Nullable T parsed(String key, Function<String, @Nullable T> parse, String shape) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    T value = parse.apply(text);
    if (value == null) {
      report(key, "= \"" + text + "\" is not " + shape);
    }
    return value;
  }

  /** {@code 5%} as 5; null for anything that is no percentage up to 100. */
  static @Nullable BigDecimal percent(String text) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,4})? ?%")) {
      return null;
    }
    var number = new BigDecimal(text.replace("%", "").strip());
    return number.compareTo(BigDecimal.valueOf(100)) > 0 ? null : number;
  }

  /** Reports what nobody has asked for. */
  void end() {
    for (String key : node.propertyNames()) {
      if (!known.contains(key)) {
        report(key, "is not known" + Nearest.suggestion(key, known));
      }
    }
  }
}
