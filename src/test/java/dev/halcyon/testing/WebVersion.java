package dev.halcyon.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A version of an application on 127.0.0.1: answers every request, wrongly if told so. */
public final class WebVersion implements AutoCloseable {
  static {
    // The JDK's server answers 40 ms later without it.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final String answer;
  private final AtomicLong requests = new AtomicLong();
  private volatile int failEvery;
  private volatile Duration delay = Duration.ZERO;

  private WebVersion(HttpServer server, ExecutorService threads, String answer) {
    this.server = server;
    this.threads = threads;
    this.answer = answer;
  }

  /**
   * @param answer the body of every answer, JSON
   */
  public static WebVersion start(String answer) {
    try {
      var server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
      // Daemons, so that the check for leaks knows them as the fixture's.
      var threads =
          Executors.newCachedThreadPool(
              task -> Thread.ofPlatform().daemon().name("web-version").unstarted(task));
      var version = new WebVersion(server, threads, answer);
      server.setExecutor(threads);
      server.createContext("/", version::handle);
      server.start();
      return version;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public long requests() {
    return requests.get();
  }

  /** Every n-th request is answered with 500 from now on; 0: none. */
  public void failEvery(int n) {
    failEvery = n;
  }

  /** Each answer comes so late from now on. */
  public void delay(Duration time) {
    delay = time;
  }

  private void handle(HttpExchange exchange) throws IOException {
    long number = requests.incrementAndGet();
    exchange.getRequestBody().readAllBytes();
    try {
      if (delay.isPositive()) {
        Thread.sleep(delay);
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
    boolean fails = failEvery > 0 && number % failEvery == 0;
    byte[] body = (fails ? "broken" : answer).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(fails ? 500 : 200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
