package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.progress.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a setting's value comes from: flags outrank the environment, which outranks {@code
 * halcyon.toml}. Collects every problem, so that nobody mends them one by one.
 */
final class Layers {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Map<Setting, String> flags;
  private final Map<String, String> environment;
  private final Map<Setting, String> variables;
  private final Path folder;
  private final SettingsFile file;
  private final List<Finding> problems = new ArrayList<>();

  /**
   * @param folder the working directory
   */
  Layers(Map<Setting, String> flags, Map<String, String> environment, Path folder) {
    this.flags = Map.copyOf(flags);
    this.environment = Map.copyOf(environment);
    this.variables = variables(environment);
    this.folder = folder.toAbsolutePath();
    this.file = SettingsFile.near(folder);
    file.problems().forEach(problem -> report(problem, ""));
    misspeltVariables();
  }

  /** An empty variable counts as none. */
  private static Map<Setting, String> variables(Map<String, String> environment) {
    var set = new EnumMap<Setting, String>(Setting.class);
    for (Setting setting : Setting.values()) {
      String value = environment.getOrDefault(setting.variable(), "");
      if (!value.isEmpty()) {
        set.put(setting, value);
      }
    }
    return set;
  }

  /** The {@code halcyon.toml} that was found, or null. */
  @Nullable Path file() {
    return file.path();
  }

  /** The working directory, absolute. */
  Path folder() {
    return folder;
  }

  /**
   * @throws Refusal HAL-101 with every problem, if there is any
   */
  void throwIfProblems() {
    if (!problems.isEmpty()) {
      throw new Refusal(ExitStatus.SETTINGS, problems);
    }
  }

  String required(Setting setting) {
    Optional<String> value = given(setting);
    if (value.isEmpty()) {
      report(
          setting.key() + " is not set.",
          "Set "
              + setting.variable()
              + ", or "
              + setting.key()
              + " in "
              + SettingsFile.NAME
              + setting.flag().map(flag -> ", or give " + flag).orElse("")
              + ".");
    }
    return value.orElse("");
  }

  /** A path in the file is seen from the file, any other from the working directory. */
  Optional<Path> path(Setting setting) {
    return value(setting).map(text -> resolve(setting, text));
  }

  /** As {@link #path}, for a path that is part of the setting's value. */
  Path resolve(Setting setting, String text) {
    Path toml = file.path();
    Path base = toml != null && fromFile(setting) ? toml.resolveSibling("") : folder;
    return base.resolve(text).normalize();
  }

  private boolean fromFile(Setting setting) {
    return rank(setting) == layers().size() - 1;
  }

  Duration duration(Setting setting, Duration least) {
    return typed(
        setting,
        text -> {
          var time = parsed(text).orElse(null);
          return time == null || time.compareTo(least) < 0 ? null : time;
        },
        "a time such as 2s, 100ms or 5m, at least " + Figures.duration(least),
        least);
  }

  /**
   * {@code 2s}, {@code 100ms}, {@code 7d}.
   *
   * @throws TypeConversionException in words for whoever typed it
   */
  static Duration time(String text) {
    return parsed(text)
        .filter(time -> !time.isZero())
        .orElseThrow(
            () -> new TypeConversionException("\"" + text + "\" is not a time such as 60s or 7d"));
  }

  /** As {@link #time}; empty for anything that is no time. */
  static Optional<Duration> parsed(String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }

  long count(Setting setting, long least, long most) {
    return typed(
        setting,
        text -> {
          String digits = text.replace("_", "");
          if (!digits.matches("\\d{1,18}")) {
            return null;
          }
          long number = Long.parseLong(digits);
          return number < least || number > most ? null : Long.valueOf(number);
        },
        "a whole number" + (least > 0 ? " from " + least : "") + " such as 1000",
        least);
  }

  /** The values of a table by their names, in order: {@code a=db1:3306,b=db2:3306}. */
  Map<String, String> table(Setting setting) {
    var entries = new LinkedHashMap<String, String>();
    String separator = fromFile(setting) ? "\n" : ",";
    for (String entry : given(setting).orElse("").split(separator, -1)) {
      int equals = entry.indexOf('=');
      if (equals > 0 && equals < entry.length() - 1) {
        var former =
            entries.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
        if (former != null) {
          report(origin(setting) + ": " + entry.substring(0, equals) + " is given twice.", "");
        }
      } else if (!entry.isBlank()) {
        report(
            origin(setting) + ": \"" + entry + "\" is not " + setting.argument().orElseThrow(), "");
      }
    }
    return entries;
  }

  <T> T typed(Setting setting, Function<String, @Nullable T> parse, String shape, T otherwise) {
    String text = value(setting).orElse("");
    T parsed = parse.apply(text);
    if (parsed == null) {
      report(origin(setting) + ": \"" + text + "\" is not " + shape + ".", "");
      return otherwise;
    }
    return parsed;
  }

  Optional<String> value(Setting setting) {
    return given(setting).or(setting::preset);
  }

  Optional<String> given(Setting setting) {
    return layers().stream()
        .flatMap(layer -> Optional.ofNullable(layer.get(setting)).stream())
        .findFirst();
  }

  /** The place of the layer that sets it, the closest to the command first. */
  int rank(Setting setting) {
    int rank = 0;
    for (Map<Setting, String> layer : layers()) {
      if (layer.containsKey(setting)) {
        return rank;
      }
      rank++;
    }
    return rank;
  }

  private List<Map<Setting, String>> layers() {
    return List.of(flags, variables, file.values());
  }

  String origin(Setting setting) {
    return switch (rank(setting)) {
      case 0 -> setting.flag().orElse(setting.key());
      case 1 -> setting.variable();
      default -> file.path() + ": " + setting.key();
    };
  }

  /** Other programs may own HALCYON_ variables, so only a slip of one of ours is a problem. */
  private void misspeltVariables() {
    var known = Stream.of(Setting.values()).map(Setting::variable).toList();
    environment.keySet().stream()
        .filter(name -> name.startsWith(Setting.PREFIX) && !known.contains(name))
        .sorted()
        .forEach(
            name ->
                Nearest.to(name, known)
                    .ifPresent(
                        near ->
                            report(name + " is not a setting; did you mean " + near + "?", "")));
  }

  void report(String message, String remedy) {
    problems.add(Finding.error(ErrorCode.SETTINGS_INVALID.code(), null, message, remedy));
  }
}
