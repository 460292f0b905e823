package dev.halcyon.cli;

import dev.halcyon.lint.Levels;
import dev.halcyon.lint.Target;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code halcyon lint} is set to.
 *
 * @param migrations absolute
 * @param schema that names in files may carry, or empty
 * @param against the file of the schema, the word {@code server}, or null
 */
record LintSettings(
    Path migrations, Target target, String schema, @Nullable String against, Levels levels) {
  static final String SERVER = "server";

  private static final Pattern URL = Pattern.compile("jdbc:(\\w+):[^/]*//[^/]*/([^?]*).*");
  private static final String DEFAULT_ENGINE = "mysql";

  /**
   * @throws dev.halcyon.model.Refusal HAL-101 with every problem
   */
  static LintSettings read(Layers layers) {
    Matcher url = URL.matcher(layers.given(Setting.URL).orElse(""));
    boolean known = url.matches();
    Target target =
        layers
            .given(Setting.LINT_FOR)
            .map(text -> target(layers, text))
            .or(() -> known ? Target.parse(url.group(1)) : Optional.empty())
            .or(() -> Target.parse(DEFAULT_ENGINE))
            .orElseThrow()
            .withCopyRows(layers.count(Setting.COPY_ROWS, 0, Long.MAX_VALUE));
    Levels levels = levels(layers, layers.table(Setting.LINT_RULES));
    Path migrations = layers.path(Setting.MIGRATIONS).orElse(layers.folder());
    String against =
        layers
            .given(Setting.LINT_AGAINST)
            .map(
                text ->
                    text.equals(SERVER)
                        ? text
                        : layers.resolve(Setting.LINT_AGAINST, text).toString())
            .orElse(null);
    layers.throwIfProblems();
    return new LintSettings(migrations, target, known ? url.group(2) : "", against, levels);
  }

  boolean againstServer() {
    return SERVER.equals(against);
  }

  private static Target target(Layers layers, String text) {
    Optional<Target> target = Target.parse(text);
    if (target.isEmpty()) {
      layers.report(
          layers.origin(Setting.LINT_FOR)
              + ": \""
              + text
              + "\" is not a server such as mysql-8.0.33, mariadb-10.6 or mysql.",
          "");
    }
    return target.or(() -> Target.parse(DEFAULT_ENGINE)).orElseThrow();
  }

  private static Levels levels(Layers layers, Map<String, String> given) {
    try {
      return new Levels(given);
    } catch (IllegalArgumentException wrong) {
      layers.report(layers.origin(Setting.LINT_RULES) + ": " + wrong.getMessage() + ".", "");
      return Levels.NONE;
    }
  }
}
