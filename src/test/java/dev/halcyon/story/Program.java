package dev.halcyon.story;

import dev.halcyon.cli.Main;
import dev.halcyon.testing.Database;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The program as a process of its own. The first one writes a class-data archive for those that
 * come after it; an archive needs a jar, so the classes are packed into one once.
 */
final class Program {
  /** What a shell reports of a process that was killed with signal 9. */
  static final int KILLED = 137;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Between two looks whether it still lives, while it prints nothing. */
  private static final long LOOK_MILLIS = 100;

  private static @Nullable Path jar;

  private Program() {}

  /** How a process ended, and what it printed. */
  record End(int status, String printed) {}

  /** A process under way; closing it kills it if it has not ended. */
  static final class Running implements AutoCloseable {
    private final Process process;

    /** Guarded by itself. */
    private final StringBuilder printed = new StringBuilder();

    private final Thread reader;

    private Running(Process process) {
      this.process = process;
      this.reader = Thread.ofVirtual().start(this::read);
    }

    long processId() {
      return process.pid();
    }

    CompletableFuture<Running> onEnd() {
      return process.onExit().thenApply(_ -> this);
    }

    /** Waits until it has printed a text. */
    void awaitPrinted(String text) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      try {
        synchronized (printed) {
          while (printed.indexOf(text) < 0) {
            if (!process.isAlive() || System.nanoTime() > end) {
              throw new AssertionError("not printed: " + text + "\n" + printed);
            }
            printed.wait(LOOK_MILLIS);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while the program runs", e);
      }
    }

    End await() {
      try {
        if (!process.waitFor(PATIENCE) || !reader.join(PATIENCE)) {
          throw new AssertionError("the program does not end:\n" + text());
        }
        return new End(process.exitValue(), text());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while the program runs", e);
      }
    }

    /** By signal 9. */
    void kill() {
      process.destroyForcibly();
    }

    @Override
    public void close() {
      kill();
    }

    private void read() {
      try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          add(line);
        }
      } catch (IOException e) {
        add("(its output cannot be read: " + e + ")");
      }
    }

    private void add(String line) {
      synchronized (printed) {
        printed.append(line).append('\n');
        printed.notifyAll();
      }
    }

    private String text() {
      synchronized (printed) {
        return printed.toString();
      }
    }
  }

  /**
   * Runs a command that dies right after that write of its journal.
   *
   * @param folder with the folder {@code migrations} in it
   * @param copyRows the setting of this name
   */
  static End dying(Database database, Path folder, int write, long copyRows, List<String> command) {
    try (var running =
        start(
            database,
            folder,
            Map.of(
                "HALCYON_HALT_AFTER_WRITES",
                String.valueOf(write),
                "HALCYON_COPY_ROWS",
                String.valueOf(copyRows)),
            command)) {
      return running.await();
    }
  }

  /** Starts a command. */
  static Running start(
      Database database, Path folder, Map<String, String> environment, List<String> command) {
    try {
      return new Running(process(database, folder, environment, command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process process(
      Database database, Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path program = jar();
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Xlog:disable",
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + program.resolveSibling("program.jsa"),
            "-cp",
            program + File.pathSeparator + libraries(),
            Main.class.getName());
    builder.command().addAll(command);
    builder.environment().put("HALCYON_URL", database.url());
    builder.environment().put("HALCYON_USER", database.user());
    builder.environment().put("HALCYON_PASSWORD", database.password());
    builder.environment().putAll(environment);
    return builder.directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private static String libraries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static synchronized Path jar() throws IOException {
    Path packed = jar;
    if (packed == null) {
      Path folder = Files.createTempDirectory("halcyon-program-");
      packed = folder.resolve("halcyon.jar");
      pack(Path.of(System.getProperty("halcyon.test.classes", "target/classes")), packed);
      jar = packed;
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "program-jar"));
    }
    return packed;
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (var files = Files.walk(classes);
        var out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      System.err.println("left behind " + folder + ": " + e);
    }
  }
}
