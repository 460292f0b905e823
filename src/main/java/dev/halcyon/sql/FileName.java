package dev.halcyon.sql;

import dev.halcyon.model.Version;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the path of a change file says. */
sealed interface FileName {
  /** Which of a change's files it is. */
  enum Part {
    END_STATE,
    EXPAND,
    CONTRACT
  }

  /** {@code V12__name.sql}, {@code V12__name.expand.sql}, {@code expand/V12__name.sql}. */
  record OfChange(Version version, String description, Part part) implements FileName {}

  /** {@code R__name.sql}. */
  record OfRepeatable(String name) implements FileName {}

  Pattern CHANGE =
      Pattern.compile("[Vv](\\d+(?:[._]\\d+)*)__(.+?)(?:\\.(expand|contract))?\\.(?i:sql)");
  Pattern REPEATABLE = Pattern.compile("[Rr]__(.+)\\.(?i:sql)");

  static boolean isSql(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(".sql");
  }

  /** Empty when the name is not one of a change. */
  static Optional<FileName> of(String path) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    Matcher repeatable = REPEATABLE.matcher(name);
    if (repeatable.matches()) {
      return Optional.of(new OfRepeatable(repeatable.group(1)));
    }
    Matcher change = CHANGE.matcher(name);
    if (!change.matches()) {
      return Optional.empty();
    }
    String folder = slash < 0 ? "" : path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
    Part byFolder = part(folder);
    Part byName = part(change.group(3) == null ? "" : change.group(3));
    if (byFolder != byName && byFolder != Part.END_STATE && byName != Part.END_STATE) {
      return Optional.empty();
    }
    Part part = byName == Part.END_STATE ? byFolder : byName;
    return Optional.of(new OfChange(Version.parse(change.group(1)), change.group(2), part));
  }

  private static Part part(String word) {
    return switch (word) {
      case "expand" -> Part.EXPAND;
      case "contract" -> Part.CONTRACT;
      default -> Part.END_STATE;
    };
  }
}
