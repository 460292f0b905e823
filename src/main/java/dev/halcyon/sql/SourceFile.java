package dev.halcyon.sql;

import dev.halcyon.model.Place;

/**
 * A file of the migrations folder.
 *
 * @param path relative to the folder, parts separated by {@code /}
 * @param text decoded; a byte order mark is dropped and line ends become {@code \n}
 */
public record SourceFile(String path, String text) {
  public SourceFile {
    if (path.isBlank()) {
      throw new IllegalArgumentException("a file has a path");
    }
    path = path.replace('\\', '/');
    text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    text = text.replace("\r\n", "\n").replace('\r', '\n');
  }

  /** The place of a character; columns count characters, not bytes. */
  Place place(int offset) {
    int line = 1;
    int lineStart = 0;
    for (int i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
      line++;
      lineStart = i + 1;
    }
    return new Place(path, line, text.codePointCount(lineStart, offset) + 1);
  }

  Place top() {
    return new Place(path, 1, 1);
  }
}
