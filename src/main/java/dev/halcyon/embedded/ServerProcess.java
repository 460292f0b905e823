package dev.halcyon.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a server program, and a watchdog that ends it when this JVM is gone. */
final class ServerProcess {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 15;
  private static final int GREETING_PROTOCOL = 10;

  private final Process process;
  private final Process watchdog;
  private final Path log;

  private ServerProcess(Process process, Process watchdog, Path log) {
    this.process = process;
    this.watchdog = watchdog;
    this.log = log;
  }

  /** Starts the program and waits until it greets clients at the port. */
  static ServerProcess start(
      List<String> command, Map<String, String> environment, Path folder, int port)
      throws IOException {
    var log = folder.resolve("server.log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    var process = builder.start();
    var server = new ServerProcess(process, watch(process.pid(), folder), log);
    try {
      server.awaitGreeting(port);
    } catch (RuntimeException failure) {
      server.kill();
      throw failure;
    }
    return server;
  }

  /**
   * A shell that waits for its input to end, which happens when this JVM dies in whatever way. It
   * looks whether the process is still the one that was started before it ends it.
   */
  static Process watch(long processId, Path folder) throws IOException {
    var script =
        "trap '' INT TERM HUP; read -r _; "
            + "if tr '\\0' ' ' </proc/$0/cmdline | grep -qF -- \"$1/\"; then kill -9 $0; fi; "
            + "rm -rf -- \"$1\"";
    return new ProcessBuilder("sh", "-c", script, Long.toString(processId), folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  long processId() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Asks the server to end, and ends it after a minute if it has not. */
  void stop() {
    if (alive()) {
      // A frozen process does not hear that it shall stop.
      signal("CONT");
    }
    process.destroy();
    awaitEnd();
  }

  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGSTOP and SIGCONT, which Java cannot send itself. */
  void signal(String name) {
    try {
      Programs.run(
          List.of("sh", "-c", "kill -" + name + " " + process.pid()), Map.of(), Path.of("/"), "");
    } catch (IOException failure) {
      throw new ServerException("Cannot send SIG" + name + " to " + process.pid(), failure);
    }
  }

  private void awaitEnd() {
    var interrupted = false;
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interruption) {
      // The process must not outlive its owner, so the interruption ends the patience only.
      interrupted = true;
      process.destroyForcibly();
    }
    watchdog.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitGreeting(int port) {
    var end = System.nanoTime() + START.toNanos();
    while (!greets(port)) {
      try {
        if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new ServerException(
              "The server ended with status "
                  + process.exitValue()
                  + " while starting:\n"
                  + Programs.lastLines(log));
        }
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw new ServerException("Interrupted while the server started", interruption);
      }
      if (System.nanoTime() > end) {
        throw new ServerException(
            "The server does not answer at port "
                + port
                + " after "
                + START.toSeconds()
                + " s:\n"
                + Programs.lastLines(log));
      }
    }
  }

  /** Reads the header and the first byte of the greeting: 3 bytes length, number, protocol. */
  private static boolean greets(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      var head = socket.getInputStream().readNBytes(5);
      return head.length == 5 && head[4] == GREETING_PROTOCOL;
    } catch (IOException notYet) {
      return false;
    }
  }
}
