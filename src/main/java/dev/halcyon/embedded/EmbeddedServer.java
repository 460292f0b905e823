package dev.halcyon.embedded;

import dev.halcyon.model.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database server as a child process on 127.0.0.1, its data in a temporary folder that {@link
 * #close} removes. It ends with this JVM, also when the JVM is killed.
 *
 * <p>Thread-safe: stop, start and signals exclude each other.
 */
public final class EmbeddedServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
  private static final int ATTEMPTS = 3;

  private final Distribution distribution;
  private final Installation installation;
  private final Options options;
  private final Path folder;
  private final int port;
  private final Thread atExit;
  private @Nullable ServerProcess process;

  private EmbeddedServer(
      Distribution distribution, Installation installation, Options options, Path folder) {
    this.distribution = distribution;
    this.installation = installation;
    this.options = options;
    this.folder = folder;
    this.port = freePort();
    this.atExit = new Thread(this::discard, "halcyon-server-exit");
  }

  /**
   * Starts a server with fresh data. The first start on a machine unpacks the archive into the
   * user's cache folder.
   *
   * @throws ServerException if the server does not come up, with the last lines of its log
   * @throws MissingLibraryException if the machine lacks a library that the server needs
   */
  public static EmbeddedServer start(Distribution distribution, Options options) {
    var installation = Installation.of(distribution);
    ServerException taken = new ServerException("No port was tried");
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return startOnce(distribution, installation, options);
      } catch (ServerException failure) {
        // Between looking for a free port and taking it, another process may have taken it.
        if (!String.valueOf(failure.getMessage()).contains("Address already in use")) {
          throw failure;
        }
        taken = failure;
      }
    }
    throw taken;
  }

  private static EmbeddedServer startOnce(
      Distribution distribution, Installation installation, Options options) {
    try {
      var folder = Files.createTempDirectory("halcyon-" + distribution.label() + "-");
      var server = new EmbeddedServer(distribution, installation, options, folder);
      try {
        Folders.copy(installation.template(), folder.resolve("data"));
        Files.createDirectory(temporary(folder));
        server.run();
        Runtime.getRuntime().addShutdownHook(server.atExit);
      } catch (IOException | RuntimeException failure) {
        server.discard();
        throw failure;
      }
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot prepare a data folder", failure);
    }
  }

  public Engine engine() {
    return distribution.engine();
  }

  public int port() {
    return port;
  }

  /** The account with all privileges. */
  public String user() {
    return Installation.USER;
  }

  public String password() {
    return Installation.PASSWORD;
  }

  /** The plain JDBC url of a schema, without options. */
  public String url(String schema) {
    return "jdbc:" + distribution.scheme() + "://127.0.0.1:" + port + "/" + schema;
  }

  /** The certificate that clients may trust, in PEM; empty if the server offers no TLS. */
  public Optional<Path> certificateAuthority() {
    return options.tls() ? Optional.of(Certificate.cached().certificate()) : Optional.empty();
  }

  /** The server's error log. */
  public Path errorLog() {
    return folder.resolve("server.log");
  }

  /** The process id of the running server. */
  public synchronized long processId() {
    return running().processId();
  }

  public synchronized boolean alive() {
    return process != null && process.alive();
  }

  /** Stops the server in an orderly way; {@link #restart} brings it back with its data. */
  public synchronized void stop() {
    if (process != null) {
      process.stop();
      process = null;
    }
  }

  /** SIGKILL, as the kernel does it when memory runs out. */
  public synchronized void kill() {
    running().kill();
    process = null;
  }

  /** SIGSTOP: the server keeps its connections and answers nothing. */
  public synchronized void freeze() {
    running().signal("STOP");
  }

  /** SIGCONT: the server goes on. */
  public synchronized void thaw() {
    running().signal("CONT");
  }

  /** Starts the server again at the same port with the same data; stops it first if it runs. */
  public synchronized void restart() {
    stop();
    run();
  }

  /** Ends the server and removes its data. */
  @Override
  public void close() {
    discard();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      log.debug("The JVM is ending already", shuttingDown);
    }
  }

  /** A MariaDB that starts deletes the temporary tables it finds, those of other servers too. */
  private static Path temporary(Path folder) {
    return folder.resolve("temporary");
  }

  private ServerProcess running() {
    if (process == null) {
      throw new IllegalStateException("The server on port " + port + " is not running");
    }
    return process;
  }

  /** Its data is thrown away, so the server need not end in an orderly way. */
  private synchronized void discard() {
    if (process != null) {
      process.kill();
      process = null;
    }
    try {
      Folders.delete(folder);
    } catch (IOException failure) {
      log.warn("Cannot remove {}: {}", folder, failure.toString());
    }
  }

  private synchronized void run() {
    var command =
        Installation.command(installation.base(), installation.server(), folder.resolve("data"));
    command.add("--port=" + port);
    command.add("--bind-address=127.0.0.1");
    command.add("--socket=" + folder.resolve("socket"));
    command.add("--pid-file=" + folder.resolve("process-id"));
    command.add("--tmpdir=" + temporary(folder));
    command.add("--skip-name-resolve");
    command.addAll(own());
    options.arguments().forEach(command::add);
    try {
      process = ServerProcess.start(command, installation.environment(), folder, port);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot start " + installation.server(), failure);
    }
  }

  private List<String> own() {
    var arguments = new ArrayList<String>();
    if (options.tls()) {
      var certificate = Certificate.cached();
      arguments.add("--ssl-ca=" + certificate.certificate());
      arguments.add("--ssl-cert=" + certificate.certificate());
      arguments.add("--ssl-key=" + certificate.key());
    } else {
      arguments.add("--skip-ssl");
    }
    switch (engine()) {
      case MYSQL -> {
        arguments.add("--mysqlx=OFF");
        arguments.add("--innodb-redo-log-capacity=64M");
      }
      case MARIADB -> arguments.add("--innodb-log-file-size=64M");
    }
    return arguments;
  }

  /** Below the range from which the kernel takes ports for outgoing connections. */
  static int freePort() {
    for (var attempt = 0; attempt < 100; attempt++) {
      var candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        log.debug("Port {} is taken: {}", candidate, taken.toString());
      }
    }
    throw new ServerException("No free port between 20000 and 32000 in 100 attempts");
  }
}
