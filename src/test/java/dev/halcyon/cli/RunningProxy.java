package dev.halcyon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code halcyon proxy run} as a process of its own, in a folder with its {@code halcyon.toml}. Its
 * two servers a and b are one.
 */
final class RunningProxy implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final StringBuilder printed = new StringBuilder();
  private final Thread reader;

  private RunningProxy(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /** Where a proxy listens, and is controlled. */
  record Ports(int listen, int control) {
    static Ports free() {
      try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return new Ports(first.getLocalPort(), second.getLocalPort());
      } catch (IOException failure) {
        throw new AssertionError("No port is free", failure);
      }
    }

    Connection connect(Database database) throws SQLException {
      return DriverManager.getConnection(
          "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable&socketTimeout=60000"
              .formatted(listen, database.schema()),
          database.user(),
          database.password());
    }
  }

  /** Writes the settings; further lines go to the table {@code [proxy]}. */
  static Ports settle(Database database, Path folder, String... lines) throws IOException {
    var ports = Ports.free();
    Files.writeString(folder.resolve("secret"), database.password() + "\n");
    var toml = new ArrayList<String>();
    toml.add("[proxy]");
    toml.add("listen = '127.0.0.1:%d'".formatted(ports.listen()));
    toml.add("control = '127.0.0.1:%d'".formatted(ports.control()));
    toml.add("first = 'a'");
    toml.addAll(List.of(lines));
    toml.add("[proxy.servers]");
    toml.add("a = '127.0.0.1:%d'".formatted(database.server().port()));
    toml.add("b = '127.0.0.1:%d'".formatted(database.server().port()));
    toml.add("[proxy.accounts]");
    toml.add("%s = 'secret'".formatted(database.user()));
    Files.write(folder.resolve("halcyon.toml"), toml);
    return ports;
  }

  /** The settings then name one server. */
  static void withoutServerB(Path folder) throws IOException {
    rewrite(folder, "(?m)^b = .*\n", "");
  }

  /** Server b then is where it says. */
  static void settleServerB(Path folder, String address) throws IOException {
    rewrite(folder, "(?m)^b = .*", "b = '" + address + "'");
  }

  /** Both servers then are where it says. */
  static void settleServers(Path folder, String address) throws IOException {
    rewrite(folder, "(?m)^([ab]) = .*", "$1 = '" + address + "'");
  }

  private static void rewrite(Path folder, String pattern, String by) throws IOException {
    Path file = folder.resolve("halcyon.toml");
    Files.writeString(file, Files.readString(file).replaceAll(pattern, by));
  }

  /** Starts it, and waits until clients may come. */
  static RunningProxy start(Path folder, String... flags) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "proxy",
            "run");
    builder.command().addAll(List.of(flags));
    var proxy =
        new RunningProxy(builder.directory(folder.toFile()).redirectErrorStream(true).start());
    proxy.awaitPrinted("listening at");
    return proxy;
  }

  long processId() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to end as a service's manager does. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Waits for its end, and gives its exit status. */
  int awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(text()).isTrue();
    reader.join();
    return process.exitValue();
  }

  void awaitPrinted(String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (printed) {
      while (printed.indexOf(text) < 0) {
        assertThat(process.isAlive() && System.nanoTime() < end)
            .as("printed %s: %s", text, printed)
            .isTrue();
        printed.wait(100);
      }
    }
  }

  String text() {
    synchronized (printed) {
      return printed.toString();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private void read() {
    try (var lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        add(line);
      }
    } catch (IOException failure) {
      add("(its output cannot be read: " + failure + ")");
    }
  }

  private void add(String line) {
    synchronized (printed) {
      printed.append(line).append('\n');
      printed.notifyAll();
    }
  }
}
