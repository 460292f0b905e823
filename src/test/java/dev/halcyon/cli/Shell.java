package dev.halcyon.cli;

import dev.halcyon.testing.Database;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Runs command lines in this JVM and keeps what they print. */
final class Shell {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  private final Path folder;
  private final Map<String, String> environment;

  Shell(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /** In a folder, with the account that has all privileges. */
  static Shell on(Database database, Path folder) {
    var environment = new HashMap<String, String>();
    environment.put("HALCYON_URL", database.url());
    environment.put("HALCYON_USER", database.user());
    environment.put("HALCYON_PASSWORD", database.password());
    return new Shell(folder, environment);
  }

  /** What a command printed, and the status that it ended with. */
  record Result(int status, String out, String err) {
    /** The last line of standard output: with {@code --json} the outcome. */
    String lastLine() {
      return out.lines().reduce("", (_, last) -> last);
    }
  }

  /** Runs a line such as {@code halcyon expand V11}. */
  Result run(String line) {
    var words = words(line);
    return run(words.subList(1, words.size()).toArray(String[]::new));
  }

  Result run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            0);
    int status = new Runner(console, environment, folder).run(arguments);
    return new Result(status, text(out), text(err));
  }

  /** Splits as a shell does, for words with simple quotes. */
  static List<String> words(String line) {
    var words = new ArrayList<String>();
    var matcher = WORD.matcher(line);
    while (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        String word = matcher.group(group);
        if (word != null) {
          words.add(word);
        }
      }
    }
    return words;
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
