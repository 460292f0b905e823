package dev.halcyon.rollout;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JsonPointer;

/** The part of JSON path that names one value: {@code $.users[0].name}. */
public final class JsonPath {
  private static final Pattern PART = Pattern.compile("\\.([\\w-]+)|\\[(\\d+)\\]");

  private JsonPath() {}

  /** Empty when the text is not such a path. */
  public static Optional<JsonPointer> parse(String text) {
    if (!text.startsWith("$")) {
      return Optional.empty();
    }
    var pointer = new StringBuilder();
    var parts = PART.matcher(text);
    int at = 1;
    while (at < text.length()) {
      if (!parts.find(at) || parts.start() != at) {
        return Optional.empty();
      }
      pointer.append('/').append(parts.group(1) == null ? parts.group(2) : parts.group(1));
      at = parts.end();
    }
    return Optional.of(JsonPointer.compile(pointer.toString()));
  }
}
