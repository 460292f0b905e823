package dev.halcyon.cli;

import dev.halcyon.deploy.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A {@code halcyon.toml} as it was read.
 *
 * @param path null when there is none
 * @param problems what could not be read of it
 */
record SettingsFile(@Nullable Path path, Map<Setting, String> values, List<String> problems) {
  static final String NAME = "halcyon.toml";

  SettingsFile {
    values = Map.copyOf(values);
    problems = List.copyOf(problems);
  }

  /** Reads the nearest file of that name, from the folder given upward. */
  static SettingsFile near(Path folder) {
    return find(folder)
        .map(SettingsFile::read)
        .orElseGet(() -> new SettingsFile(null, Map.of(), List.of()));
  }

  private static Optional<Path> find(Path folder) {
    for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
      Path file = at.resolve(NAME);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static SettingsFile read(Path path) {
    var values = new LinkedHashMap<Setting, String>();
    var problems = new ArrayList<String>();
    try {
      read(path, "", new TomlMapper().readTree(Files.readString(path)), values, problems);
    } catch (JacksonException failure) {
      var at = failure.getLocation();
      problems.add(
          path
              + (at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr())
              + ": not TOML: "
              + failure.getOriginalMessage());
    } catch (IOException failure) {
      problems.add(path + " cannot be read: " + Unreadable.reason(failure));
    }
    return new SettingsFile(path, values, problems);
  }

  /**
   * @param above of the tables that it is in, each with its dot
   */
  private static void read(
      Path path, String above, JsonNode table, Map<Setting, String> values, List<String> problems) {
    for (Map.Entry<String, JsonNode> entry : table.properties()) {
      String key = above + entry.getKey();
      JsonNode value = entry.getValue();
      Optional<Setting> setting = Setting.ofKey(key);
      if (setting.isEmpty() && value.isObject() && isTableOfOurs(key)) {
        read(path, key + ".", value, values, problems);
      } else if (setting.isEmpty()) {
        problems.add(path + ": unknown key " + key + Nearest.suggestion(key, Setting.keys()));
      } else if (setting.get().isTable() != value.isObject() || value.isArray()) {
        problems.add(
            path + ": " + key + (setting.get().isTable() ? " is a table" : " takes one value"));
      } else {
        values.put(setting.get(), value.isObject() ? joined(value) : value.asString());
      }
    }
  }

  private static boolean isTableOfOurs(String key) {
    return Setting.keys().stream().anyMatch(known -> known.startsWith(key + "."));
  }

  /** A line for each value, as {@link Layers#table} takes it. */
  private static String joined(JsonNode table) {
    return table.properties().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue().asString())
        .collect(Collectors.joining("\n"));
  }
}
