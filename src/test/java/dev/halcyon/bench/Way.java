package dev.halcyon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A way from a client to the server: straight, or through a proxy in a process of its own. */
sealed interface Way extends AutoCloseable {
  String name();

  int port();

  @Override
  void close();

  /** No proxy at all. */
  record Direct(int port) implements Way {
    @Override
    public String name() {
      return "direct";
    }

    @Override
    public void close() {}
  }

  /** HAProxy passing bytes on, with its own defaults. */
  record HaProxy(int port, Process process, Path settings) implements Way {
    private static final int PATIENCE_MILLIS = 10_000;

    static HaProxy start(int server) throws IOException, InterruptedException {
      int port = freePort();
      var settings = Files.createTempFile("halcyon-bench-", ".cfg");
      Files.writeString(
          settings,
          """
          global
            maxconn 4000
          defaults
            mode tcp
            timeout connect 5s
            timeout client 1h
            timeout server 1h
          listen mysql
            bind 127.0.0.1:%d
            server one 127.0.0.1:%d
          """
              .formatted(port, server));
      var process =
          new ProcessBuilder("haproxy", "-db", "-f", settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      awaitListening(port, process);
      return new HaProxy(port, process, settings);
    }

    private static void awaitListening(int port, Process process)
        throws IOException, InterruptedException {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
      while (true) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
          return;
        } catch (IOException notYet) {
          if (System.nanoTime() > end || !process.isAlive()) {
            throw notYet;
          }
          Thread.sleep(20);
        }
      }
    }

    @Override
    public String name() {
      return "HAProxy";
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
      try {
        Files.delete(settings);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** Halcyon's. */
  record Halcyon(int port, Process process, BufferedReader answers) implements Way {
    static Halcyon start(int server, String user, String password, List<String> flags)
        throws IOException {
      return start(server, server, user, password, flags);
    }

    /**
     * @param other a second server, which the proxy can move its clients to
     */
    static Halcyon start(int server, int other, String user, String password, List<String> flags)
        throws IOException {
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(flags);
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(
          List.of(
              ProxyProcess.class.getName(),
              Integer.toString(server),
              Integer.toString(other),
              user,
              password));
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      return new Halcyon(Integer.parseInt(answers.readLine()), process, answers);
    }

    /** The answer of {@link ProxyProcess} to one of its lines. */
    String ask(String line) throws IOException {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      return answers.readLine();
    }

    @Override
    public String name() {
      return "Halcyon";
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }

  /** Bytes of memory that a process has. */
  static long resident(Process process) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
