package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.progress.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the settings together: flags outrank the environment, which outranks {@code halcyon.toml}.
 * Collects every problem before it gives up, so that nobody mends them one by one.
 */
final class SettingsReader {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Map<Setting, String> flags;
  private final Map<String, String> environment;
  private final Map<Setting, String> variables;
  private final Path folder;
  private final SettingsFile file;
  private final List<Finding> problems = new ArrayList<>();

  private SettingsReader(Map<Setting, String> flags, Map<String, String> environment, Path folder) {
    this.flags = Map.copyOf(flags);
    this.environment = Map.copyOf(environment);
    this.variables = variables(environment);
    this.folder = folder.toAbsolutePath();
    this.file = SettingsFile.near(folder);
  }

  /**
   * @param folder the working directory
   * @throws Refusal HAL-101 with every problem
   */
  static Settings read(Map<Setting, String> flags, Map<String, String> environment, Path folder) {
    return new SettingsReader(flags, environment, folder).read();
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

  private Settings read() {
    file.problems().forEach(problem -> report(problem, ""));
    misspeltVariables();
    String url = required(Setting.URL);
    String user = required(Setting.USER);
    String password = password();
    Path ca = path(Setting.CA).orElse(null);
    if (ca != null && !Files.isReadable(ca)) {
      report(origin(Setting.CA) + ": " + ca + " cannot be read.", "");
    }
    Path migrations = path(Setting.MIGRATIONS).orElse(folder);
    Duration lockWait = duration(Setting.LOCK_WAIT, Duration.ofSeconds(1));
    Duration chunkTime = duration(Setting.CHUNK_TIME, Duration.ofMillis(1));
    long threads = count(Setting.THREADS_RUNNING, 2, 100_000);
    Duration maxLag = duration(Setting.MAX_LAG, Duration.ofSeconds(3));
    long copyRows = count(Setting.COPY_ROWS, 0, Long.MAX_VALUE);
    if (!problems.isEmpty()) {
      throw new Refusal(ExitStatus.SETTINGS, problems);
    }
    return new Settings(
        file.path(),
        url,
        user,
        password,
        ca,
        migrations,
        lockWait,
        chunkTime,
        Math.toIntExact(threads),
        value(Setting.REPLICA).orElse(null),
        maxLag,
        copyRows);
  }

  private String required(Setting setting) {
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

  /** The password or the file that holds it, whichever is set closer to the command. */
  private @Nullable String password() {
    if (rank(Setting.PASSWORD) <= rank(Setting.PASSWORD_FILE)) {
      return given(Setting.PASSWORD).orElse(null);
    }
    Path secret = path(Setting.PASSWORD_FILE).orElse(folder);
    try {
      return Files.readString(secret).stripTrailing();
    } catch (IOException failure) {
      report(origin(Setting.PASSWORD_FILE) + ": " + secret + " cannot be read.", "");
      return null;
    }
  }

  /** A path in the file is seen from the file, any other from the working directory. */
  private Optional<Path> path(Setting setting) {
    Path toml = file.path();
    boolean fromFile = toml != null && rank(setting) == layers().size() - 1;
    Path base = fromFile ? Objects.requireNonNull(toml).resolveSibling("") : folder;
    return value(setting).map(text -> base.resolve(text).normalize());
  }

  private Duration duration(Setting setting, Duration least) {
    return typed(
        setting,
        text -> {
          var matcher = DURATION.matcher(text);
          if (!matcher.matches()) {
            return null;
          }
          long number = Long.parseLong(matcher.group(1));
          Duration time =
              switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
              };
          return time.compareTo(least) < 0 ? null : time;
        },
        "a time such as 2s, 100ms or 5m, at least " + Figures.duration(least),
        least);
  }

  private long count(Setting setting, long least, long most) {
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

  private <T> T typed(
      Setting setting, Function<String, @Nullable T> parse, String shape, T otherwise) {
    String text = value(setting).orElse("");
    T parsed = parse.apply(text);
    if (parsed == null) {
      report(origin(setting) + ": \"" + text + "\" is not " + shape + ".", "");
      return otherwise;
    }
    return parsed;
  }

  private Optional<String> value(Setting setting) {
    return given(setting).or(setting::preset);
  }

  private Optional<String> given(Setting setting) {
    return layers().stream()
        .flatMap(layer -> Optional.ofNullable(layer.get(setting)).stream())
        .findFirst();
  }

  /** The place of the layer that sets it, the closest to the command first. */
  private int rank(Setting setting) {
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

  private String origin(Setting setting) {
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

  private void report(String message, String remedy) {
    problems.add(Finding.error(ErrorCode.SETTINGS_INVALID.code(), null, message, remedy));
  }
}
