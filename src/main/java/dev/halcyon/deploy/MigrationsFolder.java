package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Server;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.ScriptParser;
import dev.halcyon.sql.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The folder of change files on disk. */
public final class MigrationsFolder {
  private MigrationsFolder() {}

  /**
   * Reads and parses every {@code .sql} file below the folder.
   *
   * @throws Refusal HAL-201 with every file that cannot be read, or when there is no such folder
   */
  static ParsedFolder parse(Path folder, Server server) {
    return ScriptParser.parse(server.engine(), server.schema(), read(folder));
  }

  /**
   * The files with their paths seen from the folder.
   *
   * @throws Refusal HAL-201 with every file that cannot be read, or when there is no such folder
   */
  public static List<SourceFile> read(Path folder) {
    var files = new ArrayList<SourceFile>();
    var findings = new ArrayList<Finding>();
    for (var file : list(folder)) {
      var name = folder.relativize(file).toString();
      try {
        files.add(new SourceFile(name, text(file)));
      } catch (CharacterCodingException notText) {
        findings.add(unreadable(name + " is not UTF-8 text.", "Save it as UTF-8."));
      } catch (IOException failure) {
        findings.add(
            unreadable(
                name + " cannot be read: " + Unreadable.reason(failure) + ".",
                "Look at its permissions, and where it leads if it is a link."));
      }
    }
    if (!findings.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, findings);
    }
    return files;
  }

  private static List<Path> list(Path folder) {
    try (var all = Files.walk(folder)) {
      return all.filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".sql"))
          .filter(file -> !Files.isDirectory(file))
          .sorted()
          .toList();
    } catch (UncheckedIOException failure) {
      throw unreadable(folder, Objects.requireNonNull(failure.getCause()));
    } catch (IOException failure) {
      throw unreadable(folder, failure);
    }
  }

  private static Refusal unreadable(Path folder, IOException failure) {
    return Refusal.of(
        ExitStatus.FINDINGS,
        unreadable(
            "The migrations folder %s cannot be read: %s."
                .formatted(folder, Unreadable.reason(failure)),
            "Create it, or set \"migrations\" in halcyon.toml."));
  }

  private static String text(Path file) throws IOException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
        .toString();
  }

  private static Finding unreadable(String message, String remedy) {
    return Finding.error(ErrorCode.FILE_UNREADABLE.code(), null, message, remedy);
  }
}
