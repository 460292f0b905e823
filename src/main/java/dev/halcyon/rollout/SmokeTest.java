package dev.halcyon.rollout;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A question to a version whose answer is known. */
public sealed interface SmokeTest {
  String name();

  /** What is done, in one line. */
  String describe();

  /**
   * One request.
   *
   * @param path with a slash at its beginning
   * @param body null for none
   */
  record Http(
      String name,
      String method,
      String path,
      Map<String, String> headers,
      @Nullable String body,
      Expected expected,
      Duration timeout)
      implements SmokeTest {
    public Http {
      headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    @Override
    public String describe() {
      return method + " " + path + ": " + expected.describe();
    }
  }

  /** A command that ends with 0; HALCYON_URL says where the version answers. */
  record Command(String name, String line, Duration timeout) implements SmokeTest {
    @Override
    public String describe() {
      return line;
    }
  }

  /**
   * What the answer to a request must be.
   *
   * @param headers each as it must be, or {@code *} for any
   * @param json values by JSON path, such as {@code $.users[0].name}; {@code *} for any
   * @param texts parts of the body
   */
  record Expected(
      int status, Map<String, String> headers, Map<String, String> json, List<String> texts) {
    /** Any value. */
    static final String ANY = "*";

    public Expected {
      headers = Collections.unmodifiableMap(new TreeMap<>(headers));
      json = Collections.unmodifiableMap(new TreeMap<>(json));
      texts = List.copyOf(texts);
    }

    String describe() {
      var words = new StringBuilder("status ").append(status);
      headers.forEach((name, value) -> words.append(", ").append(name).append(": ").append(value));
      json.forEach((path, value) -> words.append(", ").append(path).append(" = ").append(value));
      texts.forEach(text -> words.append(", \"").append(text).append('"'));
      return words.toString();
    }
  }
}
