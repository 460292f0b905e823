package dev.halcyon.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A kind of change as a folder of SQL under {@code src/test/resources/changes}.
 *
 * <p>{@code before.sql} the schema and some rows; {@code change.sql}, or {@code expand.sql} and
 * {@code contract.sql}; {@code old.sql} and {@code new.sql}, statements of either version of the
 * application, a line each, with {@code {n}} for a small and {@code {u}} for an ever new number;
 * {@code agree.sql}, queries that find nothing while the window is open; {@code undo.sql}, what the
 * new application takes back before a rollback; {@code by-hand-before.sql} and {@code
 * by-hand-after.sql}, what one would have to do without Halcyon for the same end; {@code
 * unsettled.txt}, see {@link #unsettled}; {@code copy-rows.txt}, the setting of this name.
 */
record ChangeCase(Path folder) {
  private static final Path ROOT = Path.of("src/test/resources/changes");

  static ChangeCase of(String name) {
    return new ChangeCase(ROOT.resolve(name));
  }

  static List<String> names() {
    try (var folders = Files.list(ROOT)) {
      return folders.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return folder.getFileName().toString();
  }

  List<String> before() {
    return statements("before.sql");
  }

  List<String> old() {
    return statements("old.sql");
  }

  List<String> renewed() {
    return statements("new.sql");
  }

  List<String> agree() {
    return statements("agree.sql");
  }

  List<String> undo() {
    return statements("undo.sql");
  }

  /**
   * Columns as {@code table.column}, and whole tables, whose rows depend on when a step ran between
   * the applications' statements: a default that changes, a value computed once, numbers of rows
   * that a sync trigger makes. With what to compare instead, as an expression; empty for nothing.
   */
  Map<String, String> unsettled() {
    return text("unsettled.txt")
        .lines()
        .map(line -> line.strip().split(" ", 2))
        .collect(Collectors.toMap(part -> part[0], part -> part.length == 1 ? "" : part[1]));
  }

  /** Tables with more rows than this are not copied under a lock. */
  long copyRows() {
    String rows = text("copy-rows.txt").strip();
    return rows.isEmpty() ? 10_000 : Long.parseLong(rows);
  }

  /** The child table of a split or merge: sync triggers number its rows as well as applications. */
  @Nullable String filledBySync() {
    Matcher directive =
        Pattern.compile("(?m)^-- halcyon: (?:split .* -> (\\w+)|merge (\\w+))")
            .matcher(text("change.sql"));
    if (!directive.find()) {
      return null;
    }
    return directive.group(1) == null ? directive.group(2) : directive.group(1);
  }

  /**
   * The user's own statements in order, as one would run them without Halcyon, with what one would
   * have to do by hand before and after.
   */
  List<String> plain() {
    return Stream.of(
            "by-hand-before.sql", "change.sql", "expand.sql", "contract.sql", "by-hand-after.sql")
        .flatMap(file -> statements(file).stream())
        .toList();
  }

  boolean isAsWritten() {
    return Files.exists(folder.resolve("expand.sql"));
  }

  /** Writes the change files of version 1 into a migrations folder. */
  void writeTo(Path migrations) {
    String file = name().replace('-', '_');
    if (isAsWritten()) {
      write(migrations.resolve("V1__" + file + ".expand.sql"), text("expand.sql"));
      write(migrations.resolve("V1__" + file + ".contract.sql"), text("contract.sql"));
    } else {
      write(migrations.resolve("V1__" + file + ".sql"), text("change.sql"));
    }
  }

  private List<String> statements(String file) {
    return Arrays.stream(text(file).replaceAll("(?m)^--.*$", "").split(";\\s*(\\n|$)", -1))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  private String text(String file) {
    Path path = folder.resolve(file);
    try {
      return Files.exists(path) ? Files.readString(path) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
