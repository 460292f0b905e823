package dev.halcyon.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A HAProxy of this machine as a child process on 127.0.0.1, with one frontend, one backend {@code
 * shop} and a runtime socket. It ends with this JVM, also when the JVM is killed. For one thread.
 */
public final class HaProxyServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HaProxyServer.class);
  private static final Duration START = Duration.ofSeconds(20);
  private static final long PAUSE_MILLIS = 15;

  /** The backend's name. */
  public static final String BACKEND = "shop";

  private final Path program;
  private final Path folder;
  private final int port;
  private final int runtimePort;
  private Process process;
  private Process watchdog;

  private HaProxyServer(
      Path program, Path folder, int port, int runtimePort, Process process, Process watchdog) {
    this.program = program;
    this.folder = folder;
    this.port = port;
    this.runtimePort = runtimePort;
    this.process = process;
    this.watchdog = watchdog;
  }

  /** The program, where this machine has it. */
  public static Optional<Path> program() {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, "haproxy"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it.
   *
   * @param servers the lines of the backend, without their first word: {@code v1 127.0.0.1:8001
   *     check}
   * @throws ServerException if it does not come up, with its words
   */
  public static HaProxyServer start(Path program, List<String> servers) {
    return start(program, "http", servers);
  }

  /** As {@link #start}, for connections of any kind; who comes when it is full queues for long. */
  public static HaProxyServer startTcp(Path program, List<String> servers) {
    return start(program, "tcp", servers);
  }

  private static HaProxyServer start(Path program, String mode, List<String> servers) {
    try {
      var folder = Files.createTempDirectory("halcyon-haproxy-");
      int port = EmbeddedServer.freePort();
      int runtimePort = freePortBut(port);
      Files.writeString(
          folder.resolve("haproxy.cfg"), configuration(mode, folder, port, runtimePort, servers));
      try {
        var process = run(program, folder);
        var server =
            new HaProxyServer(
                program,
                folder,
                port,
                runtimePort,
                process,
                ServerProcess.watch(process.pid(), folder));
        server.awaitSocket();
        return server;
      } catch (IOException | RuntimeException failure) {
        Folders.delete(folder);
        throw failure;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot start " + program, failure);
    }
  }

  /** HAProxy would listen twice on one port, and give clients to either. */
  private static int freePortBut(int other) {
    int port = EmbeddedServer.freePort();
    return port == other ? freePortBut(other) : port;
  }

  private static String configuration(
      String mode, Path folder, int port, int runtimePort, List<String> servers) {
    var lines = new StringBuilder();
    servers.forEach(server -> lines.append("  server ").append(server).append('\n'));
    return """
        global
          stats socket %s mode 600 level admin
          stats socket ipv4@127.0.0.1:%d level admin
        defaults
          mode %s
          timeout connect 2s
          timeout client %s
          timeout server %s
          timeout queue 60s
        frontend users
          bind 127.0.0.1:%d
          default_backend %s
        backend %s
          balance roundrobin
        %s"""
        .formatted(
            folder.resolve("runtime"),
            runtimePort,
            mode,
            mode.equals("tcp") ? "1h" : "30s",
            mode.equals("tcp") ? "1h" : "30s",
            port,
            BACKEND,
            BACKEND,
            lines);
  }

  private static Process run(Path program, Path folder) throws IOException {
    return new ProcessBuilder(
            program.toString(), "-db", "-f", folder.resolve("haproxy.cfg").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private void awaitSocket() {
    long end = System.nanoTime() + START.toNanos();
    while (!Files.exists(socket())) {
      try {
        if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
          throw new ServerException(
              "HAProxy does not come up:\n" + Programs.lastLines(folder.resolve("log")));
        }
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw new ServerException("Interrupted while HAProxy started", interruption);
      }
    }
  }

  /** Where users come in. */
  public int port() {
    return port;
  }

  /** The runtime socket's path. */
  public Path socket() {
    return folder.resolve("runtime");
  }

  /** The runtime socket once more, by TCP. */
  public int runtimePort() {
    return runtimePort;
  }

  /** Ends the process at once; its configuration stays for {@link #restart}. */
  public void kill() {
    process.destroyForcibly();
    watchdog.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(socket());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot remove " + socket(), failure);
    }
  }

  /** Starts it again after {@link #kill}, as configured: weights that were set are gone. */
  public void restart() {
    try {
      process = run(program, folder);
      watchdog = ServerProcess.watch(process.pid(), folder);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot start " + program, failure);
    }
    awaitSocket();
  }

  /** SIGSTOP and SIGCONT. */
  public void signal(String name) {
    try {
      Programs.run(
          List.of("sh", "-c", "kill -" + name + " " + process.pid()), Map.of(), Path.of("/"), "");
    } catch (IOException failure) {
      throw new ServerException("Cannot send SIG" + name + " to " + process.pid(), failure);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Folders.delete(folder);
    } catch (IOException failure) {
      log.warn("Cannot remove {}: {}", folder, failure.toString());
    }
  }
}
