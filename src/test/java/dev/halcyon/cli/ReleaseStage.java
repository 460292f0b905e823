package dev.halcyon.cli;

import dev.halcyon.demo.Visitors;
import dev.halcyon.embedded.HaProxyServer;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.HaProxies;
import dev.halcyon.testing.WebVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** Two versions behind a real HAProxy, a database with a change to expand, and a release file. */
public final class ReleaseStage implements AutoCloseable {
  private static final String CHANGE = "ALTER TABLE users RENAME COLUMN email TO email_address;\n";

  private final Path folder;
  private final WebVersion old = WebVersion.start("{\"version\": 1, \"users\": [\"ann\"]}");
  private final WebVersion fresh = WebVersion.start("{\"version\": 2, \"users\": [\"ann\"]}");
  private final HaProxyServer balancer;

  public ReleaseStage(Database database, Path folder) throws IOException {
    this.folder = folder;
    this.balancer = startBalancer();
    database.execute(
        "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(50))",
        "INSERT INTO users (email) VALUES ('ann'), ('bob')");
    Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(folder.resolve("migrations/V1__email.sql"), CHANGE);
    write("");
  }

  private HaProxyServer startBalancer() {
    try {
      return HaProxies.start(
          "v1 127.0.0.1:" + old.port(), "v2 127.0.0.1:" + fresh.port() + " disabled");
    } catch (RuntimeException | AssertionError none) {
      old.close();
      fresh.close();
      throw none;
    }
  }

  /** The release file, and more below it. */
  public void write(String more) throws IOException {
    Files.writeString(folder.resolve("release.toml"), text() + more);
  }

  /** A release that takes a second or two. */
  String text() {
    return """
        [old]
        name = "1.0"
        servers = ["v1"]
        stop = "echo stopped >> old.log"

        [new]
        name = "2.0"
        servers = ["v2"]
        url = "%s"
        ready = "/health"
        ready-within = "2s"
        start = "echo started >> new.log"
        stop = "echo stopped >> new.log"

        [haproxy]
        socket = "%s"
        backend = "shop"

        [traffic]
        steps = ["10%%", "100%%"]
        pause = "400ms"
        url = "http://127.0.0.1:%d"
        drain = "10s"

        [watch]
        interval = "100ms"
        window = "400ms"
        samples = 10
        errors = "5%%"

        [[smoke]]
        name = "users are listed"
        path = "/users"
        json = { "$.version" = "2", "$.users[0]" = "ann" }
        """
        .formatted(fresh.url(), balancer.socket(), balancer.port());
  }

  public WebVersion old() {
    return old;
  }

  public WebVersion fresh() {
    return fresh;
  }

  public HaProxyServer balancer() {
    return balancer;
  }

  Path folder() {
    return folder;
  }

  /** What a start or stop command has left, a line each time. */
  String log(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** Steady users, through the balancer. */
  public Visitors visitors() {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + balancer.port() + "/users"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return Visitors.start(
        6,
        Duration.ofMillis(8),
        1,
        () ->
            new Visitors.Habit() {
              @Override
              public HttpRequest next(Random random) {
                return request;
              }

              @Override
              public Optional<String> complaint(HttpResponse<String> answer) {
                return Optional.empty();
              }
            });
  }

  @Override
  public void close() {
    old.close();
    fresh.close();
    balancer.close();
  }
}
