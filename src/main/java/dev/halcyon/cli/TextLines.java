package dev.halcyon.cli;

import dev.halcyon.deploy.Unreadable;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The lines of a file of any length, one at a time. Logs hold what clients have sent, so bytes that
 * are no text do not stop the reading.
 *
 * @param name as it was given, for people
 * @param remedy what to give instead if it cannot be read
 */
record TextLines(Path file, String name, String remedy) {
  /**
   * Does something with the lines, which may be asked for again and again, from the first one on.
   *
   * @throws Refusal HAL-201 if they cannot be read
   */
  <T> T read(Function<Supplier<Stream<String>>, T> work) {
    try {
      return work.apply(this::open);
    } catch (UncheckedIOException failure) {
      throw ErrorCode.FILE_UNREADABLE.refuse(
          name
              + " cannot be read: "
              + Unreadable.reason(Objects.requireNonNull(failure.getCause())),
          remedy);
    }
  }

  private Stream<String> open() {
    try {
      var reader =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
      return reader.lines().onClose(() -> close(reader));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void close(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
