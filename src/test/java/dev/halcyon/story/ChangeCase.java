package dev.halcyon.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kind of change as a folder of SQL under {@code src/test/resources/changes}.
 *
 * <p>{@code before.sql} the schema and some rows; {@code change.sql}, or {@code expand.sql} and
 * {@code contract.sql}; {@code old.sql} and {@code new.sql}, statements of either version of the
 * application, a line each, with {@code {n}} for a small and {@code {u}} for an ever new number;
 * {@code agree.sql}, queries that find nothing while the window is open; {@code undo.sql}, what the
 * new application takes back before a rollback; {@code by-hand-before.sql} and {@code
 * by-hand-after.sql}, what one would have to do without Halcyon for the same end.
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
    String name = folder.getFileName().toString().replace('-', '_');
    if (isAsWritten()) {
      write(migrations.resolve("V1__" + name + ".expand.sql"), text("expand.sql"));
      write(migrations.resolve("V1__" + name + ".contract.sql"), text("contract.sql"));
    } else {
      write(migrations.resolve("V1__" + name + ".sql"), text("change.sql"));
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
