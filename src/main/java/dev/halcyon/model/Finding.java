package dev.halcyon.model;

import org.jspecify.annotations.Nullable;

/**
 * Something that stands against a change, or is worth knowing before it runs.
 *
 * @param code the stable id: {@code H102} for a rule, {@code HAL-314} for an error
 * @param place where in the file, if it is about a file
 * @param message what was found, in one or two sentences
 * @param remedy the next thing to write or to type, or empty
 */
public record Finding(
    String code, Level level, @Nullable Place place, String message, String remedy) {
  /** Whether the change may go on. */
  public enum Level {
    ERROR,
    WARNING,
    INFORMATION
  }

  public Finding {
    if (code.isBlank() || message.isBlank()) {
      throw new IllegalArgumentException("a finding has a code and a message");
    }
  }

  public static Finding error(String code, @Nullable Place place, String message, String remedy) {
    return new Finding(code, Level.ERROR, place, message, remedy);
  }

  public static Finding warning(String code, @Nullable Place place, String message, String remedy) {
    return new Finding(code, Level.WARNING, place, message, remedy);
  }

  public static Finding information(
      String code, @Nullable Place place, String message, String remedy) {
    return new Finding(code, Level.INFORMATION, place, message, remedy);
  }

  public boolean blocks() {
    return level == Level.ERROR;
  }
}
