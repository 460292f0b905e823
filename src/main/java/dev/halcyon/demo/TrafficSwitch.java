package dev.halcyon.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for HAProxy where there is none: gives version 2 the percentage that a file says, and
 * writes into other files what a release asks for. Thread-safe.
 */
final class TrafficSwitch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long REPORT_MILLIS = 50;

  private final HttpServer listener;
  private final ExecutorService threads;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final List<Side> sides;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("halcyon-switch-clock").unstarted(task));
  private final AtomicLong number = new AtomicLong();

  /** A version and what it has done. */
  private record Side(
      String server, URI url, AtomicLong open, AtomicLong answers, AtomicLong failed) {
    Side(String server, int port) {
      this(
          server,
          URI.create("http://127.0.0.1:" + port),
          new AtomicLong(),
          new AtomicLong(),
          new AtomicLong());
    }
  }

  private TrafficSwitch(HttpServer listener, Path folder, int oldPort, int newPort) {
    this.listener = listener;
    this.folder = folder;
    this.sides = List.of(new Side("v1", oldPort), new Side("v2", newPort));
    this.threads =
        Executors.newCachedThreadPool(
            task -> Thread.ofPlatform().daemon().name("halcyon-switch").unstarted(task));
  }

  /**
   * @param folder for {@code share}, {@code v1.open} and {@code v2.counters}
   */
  static TrafficSwitch start(Path folder, int oldPort, int newPort) {
    try {
      var listener =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
      Files.writeString(folder.resolve("share"), "0");
      var created = new TrafficSwitch(listener, folder, oldPort, newPort);
      listener.setExecutor(created.threads);
      listener.createContext("/", created::pass);
      listener.start();
      created.report();
      var _ =
          created.clock.scheduleAtFixedRate(
              created::report, REPORT_MILLIS, REPORT_MILLIS, TimeUnit.MILLISECONDS);
      return created;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  int port() {
    return listener.getAddress().getPort();
  }

  private void pass(HttpExchange exchange) throws IOException {
    long share = Long.parseLong(Files.readString(folder.resolve("share")).strip());
    // Steps of 37 go round all hundred places, evenly.
    Side side = sides.get(number.incrementAndGet() * 37 % 100 < share ? 1 : 0);
    side.open().incrementAndGet();
    try {
      forward(exchange, side);
    } finally {
      side.open().decrementAndGet();
    }
  }

  private void forward(HttpExchange exchange, Side side) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var request =
        HttpRequest.newBuilder(side.url().resolve(exchange.getRequestURI().toString()))
            .timeout(PATIENCE)
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    int status = 503;
    byte[] answer = new byte[0];
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      status = response.statusCode();
      answer = response.body();
    } catch (IOException unanswered) {
      answer = unanswered.toString().getBytes(StandardCharsets.UTF_8);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
    side.answers().incrementAndGet();
    side.failed().addAndGet(status >= 500 ? 1 : 0);
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    try (var out = exchange.getResponseBody()) {
      out.write(answer);
    }
  }

  /** Writes what a release may ask for. */
  private void report() {
    try {
      for (Side side : sides) {
        replace(side.server() + ".open", "" + side.open());
        replace(side.server() + ".counters", side.answers() + " " + side.failed());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void replace(String name, String text) throws IOException {
    Path draft = folder.resolve(name + ".new");
    Files.writeString(draft, text);
    Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() {
    listener.stop(0);
    clock.shutdownNow();
    threads.shutdownNow();
    client.shutdownNow();
    client.close();
  }
}
