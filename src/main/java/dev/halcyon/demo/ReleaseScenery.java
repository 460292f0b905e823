package dev.halcyon.demo;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.HaProxyServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database with the schema of version 1, version 1 itself, what stands before both versions, and
 * a folder with the change and the release file. All of it goes with {@link #close}, and with this
 * process. For one thread.
 */
final class ReleaseScenery implements AutoCloseable {
  private static final String SCHEMA = "demo";
  private static final long START_SECONDS = 60;

  /** Percent of the traffic that a new version gets first. */
  static final int FIRST_SHARE = 10;

  /** What the watch looks for: how often, and how many answers it needs. */
  static final Duration INTERVAL = Duration.ofMillis(250);

  static final int SAMPLES = 20;

  private final EmbeddedServer database;
  private final Path folder;
  private final int oldPort;
  private final int newPort;
  private final @Nullable HaProxyServer haproxy;
  private final @Nullable TrafficSwitch standIn;

  private ReleaseScenery(
      EmbeddedServer database,
      Path folder,
      int oldPort,
      int newPort,
      @Nullable HaProxyServer haproxy,
      @Nullable TrafficSwitch standIn) {
    this.database = database;
    this.folder = folder;
    this.oldPort = oldPort;
    this.newPort = newPort;
    this.haproxy = haproxy;
    this.standIn = standIn;
  }

  /**
   * @param haproxy the program, empty for the stand-in
   */
  static ReleaseScenery open(DemoSettings settings, Optional<Path> haproxy) {
    var database = EmbeddedServer.start(settings.distribution(), Options.defaults().tls(false));
    try {
      fill(database, settings.users());
      // In the server's own folder, which goes with the server even when this process is killed.
      Path folder = Files.createDirectory(database.errorLog().resolveSibling("release"));
      Files.createDirectory(folder.resolve("migrations"));
      Files.writeString(
          folder.resolve("migrations").resolve(WorkedExample.FILE), WorkedExample.changeFile());
      int oldPort = freePort();
      int newPort = freePort();
      var scenery =
          new ReleaseScenery(
              database,
              folder,
              oldPort,
              newPort,
              haproxy
                  .map(
                      program ->
                          HaProxyServer.start(
                              program,
                              List.of(
                                  "v1 127.0.0.1:" + oldPort,
                                  "v2 127.0.0.1:" + newPort + " disabled")))
                  .orElse(null),
              haproxy.isPresent() ? null : TrafficSwitch.start(folder, oldPort, newPort));
      try {
        scenery.startOld();
        return scenery;
      } catch (RuntimeException failure) {
        scenery.close();
        throw failure;
      }
    } catch (IOException failure) {
      database.close();
      throw new UncheckedIOException("Cannot set up the demonstration", failure);
    } catch (RuntimeException failure) {
      database.close();
      throw failure;
    }
  }

  private static void fill(EmbeddedServer database, int users) {
    try (var session = connect(database, "mysql").open("demo")) {
      session.execute("CREATE DATABASE " + SCHEMA + " " + Workshop.CHARACTERS);
    }
    try (var session = connect(database, SCHEMA).open("demo")) {
      WorkedExample.createTables(session);
      WorkedExample.fill(session, users, new Ledger());
    }
  }

  private static Server connect(EmbeddedServer database, String schema) {
    return Server.connect(
        new ConnectionSettings(url(database, schema), database.user(), database.password()));
  }

  private static String url(EmbeddedServer database, String schema) {
    return database.url(schema) + "?sslMode=disable";
  }

  Server server() {
    return connect(database, SCHEMA);
  }

  Path folder() {
    return folder;
  }

  /** What stands before both versions, for people. */
  String balancer() {
    return haproxy == null ? "a switch of the demo's own (no HAProxy here)" : "HAProxy";
  }

  /** Where users come in. */
  String url() {
    return "http://127.0.0.1:" + port();
  }

  private int port() {
    return haproxy != null ? haproxy.port() : standIn == null ? 0 : standIn.port();
  }

  /** What the commands need to know of the database. */
  Map<String, String> environment() {
    return Map.of(
        "HALCYON_URL", url(database, SCHEMA),
        "HALCYON_USER", database.user(),
        "HALCYON_PASSWORD", database.password());
  }

  private void startOld() {
    run(start(1, oldPort, UserService.Flaw.NONE));
    run(
        "i=0; until "
            + answers(oldPort)
            + "; do i=$((i+1)); [ $i -lt 600 ] || exit 1; sleep 0.1; done");
  }

  /** bash's own way to connect, since not every machine has a program for it. */
  private static String answers(int port) {
    return "bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + port + "' 2>/dev/null";
  }

  /** A command that leaves the service running. */
  private String start(int version, int port, UserService.Flaw flaw) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String name = "v" + version;
    return String.join(
        " ",
        "'" + java + "'",
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx96m -Xshare:auto -cp",
        "'" + classPath() + "'",
        UserService.class.getName(),
        "" + version,
        "" + port,
        flaw.name(),
        "" + ProcessHandle.current().pid(),
        "'" + url(database, SCHEMA) + "'",
        database.user(),
        database.password(),
        "> " + name + ".log 2>&1 & echo $! > " + name + ".pid");
  }

  private static String stop(int version) {
    return "kill $(cat v" + version + ".pid)";
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Who has the traffic, as the latest release has left it. */
  String live() {
    try (var session = server().open("demo")) {
      var table = "SHOW TABLES LIKE 'halcyon\\_release'";
      if (session.query(table).isEmpty()) {
        return "1.0";
      }
      return session
          .first(
              "SELECT CASE live WHEN 'old' THEN from_version WHEN 'new' THEN to_version"
                  + " ELSE 'both' END AS live FROM halcyon_release ORDER BY id DESC LIMIT 1")
          .map(row -> row.string("live"))
          .orElse("1.0");
    }
  }

  /** The release file of the next version 2. */
  void write(String name, UserService.Flaw flaw) {
    String script = "start-" + name + ".sh";
    String text =
        """
        [old]
        name = "1.0"
        servers = ["v1"]
        stop = '''%s'''

        [new]
        name = "%s"
        servers = ["v2"]
        url = "http://127.0.0.1:%d"
        ready = "/health"
        start = '''%s'''
        stop = '''%s'''

        %s

        [traffic]
        steps = ["%d%%", "50%%", "100%%"]
        pause = "1500ms"
        url = "%s"
        drain = "10s"

        [watch]
        interval = "%dms"
        window = "1500ms"
        samples = %d
        errors = "2%%"

        [[smoke]]
        name = "users have addresses"
        path = "/users/1"
        json = { "$.users[0].addresses[0].line1" = "*" }

        [[smoke]]
        name = "a list"
        path = "/users"
        text = ["user"]
        """
            .formatted(
                stop(1),
                name,
                newPort,
                start(2, newPort, flaw),
                stop(2),
                balancing(),
                FIRST_SHARE,
                url(),
                INTERVAL.toMillis(),
                SAMPLES);
    try {
      Files.writeString(folder.resolve(script), start(2, newPort, flaw) + "\n");
      Files.writeString(folder.resolve("release.toml"), text);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot write the release file", failure);
    }
  }

  private String balancing() {
    return haproxy != null
        ? "[haproxy]\nsocket = \""
            + haproxy.socket()
            + "\"\nbackend = \""
            + HaProxyServer.BACKEND
            + "\""
        : """
          [commands]
          share = "echo $HALCYON_SHARE > share.new && mv share.new share"
          sessions = "case $HALCYON_VERSION in 1.0) cat v1.open;; *) cat v2.open;; esac"
          counters = "cat v2.counters\"""";
  }

  private void run(String line) {
    try {
      var process =
          new ProcessBuilder("sh", "-c", line)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "version 1 does not start:\n" + Files.readString(folder.resolve("v1.log")));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot run " + line, failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while version 1 starts", interruption);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    for (int version = 1; version <= 2; version++) {
      end(folder.resolve("v" + version + ".pid"));
    }
    if (haproxy != null) {
      haproxy.close();
    }
    if (standIn != null) {
      standIn.close();
    }
    database.close();
  }

  /** Only a service of this demonstration: its command line names its database. */
  private void end(Path file) {
    try {
      if (Files.exists(file)) {
        ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
            .filter(
                process -> process.info().commandLine().orElse("").contains(url(database, SCHEMA)))
            .ifPresent(ProcessHandle::destroy);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot read " + file, failure);
    }
  }
}
