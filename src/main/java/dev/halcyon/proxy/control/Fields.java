package dev.halcyon.proxy.control;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a request says: a JSON object of single values. */
record Fields(JsonNode object) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int LONGEST = 65_536;
  private static final long LONGEST_MILLIS = Duration.ofDays(1).toMillis();

  /**
   * @throws ControlRefusal if it is no such object, or has other fields than those known
   */
  static Fields read(InputStream body, Set<String> known) throws IOException {
    byte[] bytes = body.readNBytes(LONGEST + 1);
    if (bytes.length > LONGEST) {
      throw ControlRefusal.malformed("The request is longer than " + LONGEST + " bytes");
    }
    JsonNode object;
    try {
      object = bytes.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(bytes);
    } catch (JacksonException failure) {
      throw ControlRefusal.malformed("The request is not JSON: " + failure.getOriginalMessage());
    }
    if (!object.isObject()) {
      throw ControlRefusal.malformed("The request is no JSON object");
    }
    for (var field : object.properties()) {
      if (!known.contains(field.getKey())) {
        throw ControlRefusal.malformed("A field " + field.getKey() + " is not known here");
      }
    }
    return new Fields(object);
  }

  /** Of whole milliseconds, a day at most. */
  Duration time(String name) {
    var value = object.path(name);
    if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > LONGEST_MILLIS) {
      throw ControlRefusal.malformed(
          name + " is not a number of milliseconds from 0 to " + LONGEST_MILLIS);
    }
    return Duration.ofMillis(value.asLong());
  }

  String text(String name) {
    var value = object.path(name);
    if (!value.isString()) {
      throw ControlRefusal.malformed(name + " is not a text");
    }
    return value.asString();
  }

  <E extends Enum<E>> E word(String name, Class<E> type) {
    String word = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(word)) {
        return constant;
      }
    }
    throw ControlRefusal.malformed(name + " is not a word that is known here");
  }

  OptionalLong number(String name) {
    var value = object.path(name);
    if (value.isMissingNode()) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber()) {
      throw ControlRefusal.malformed(name + " is not a whole number");
    }
    return OptionalLong.of(value.asLong());
  }
}
