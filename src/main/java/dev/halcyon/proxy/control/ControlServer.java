package dev.halcyon.proxy.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.proxy.Traffic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers controllers: HTTP with JSON on a port of this host, for whoever has the token. One thread
 * for each request that waits.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";
  private static final int BACKLOG = 50;

  private final JsonMapper mapper = new JsonMapper();
  private final HttpServer http;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("halcyon-proxy-control-", 0).factory());
  private final ControlToken token;
  private final Verbs verbs;
  private final Traffic traffic;
  private final Chores chores;

  private ControlServer(HttpServer http, ControlToken token, Traffic traffic, Chores chores) {
    this.http = http;
    this.token = token;
    this.verbs = new Verbs(traffic, chores);
    this.traffic = traffic;
    this.chores = chores;
  }

  /**
   * Answers from now on.
   *
   * @param address of this host alone; port 0 for any free one
   * @throws IOException if it cannot listen there
   */
  public static ControlServer start(
      InetSocketAddress address, ControlToken token, Traffic traffic, Chores chores)
      throws IOException {
    if (System.getProperty(NO_DELAY) == null) {
      // Else an answer's two parts cost 40 ms, in the middle of a pause.
      System.setProperty(NO_DELAY, "true");
    }
    var server = new ControlServer(HttpServer.create(address, BACKLOG), token, traffic, chores);
    server.http.createContext("/", server::answer);
    server.http.setExecutor(server.threads);
    server.http.start();
    return server;
  }

  /** Where it listens, the port it has found included. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  /** Listens no longer; requests under way are cut off after a second. */
  @Override
  public void close() {
    http.stop(1);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      tryToAnswer(exchange);
    }
  }

  private void tryToAnswer(HttpExchange exchange) throws IOException {
    try {
      String verb = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      if (!token.matches(header(exchange, "Authorization"))) {
        fail(exchange, 401, ErrorCode.PROXY_DENIED, "The token is missing or wrong");
      } else if (isTooLate(header(exchange, ControlClient.DEADLINE))) {
        fail(exchange, 409, ErrorCode.HOLD_STATE, "The request is answered too late");
      } else if (verb.equals("GET /metrics")) {
        send(
            exchange,
            200,
            "text/plain; version=0.0.4",
            PrometheusText.of(traffic.status(), chores.meter()));
      } else {
        json(exchange, 200, verbs.answer(verb, exchange.getRequestBody()));
      }
    } catch (ControlRefusal refusal) {
      fail(exchange, refusal.status(), refusal.code(), String.valueOf(refusal.getMessage()));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      log.warn("A request to the proxy has failed", failure);
      fail(exchange, 500, ErrorCode.INTERNAL, failure.toString());
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
  }

  /**
   * Whether whoever has asked has given up since: this process was frozen, and what was wanted then
   * is not wanted now. Both are on one host and read one clock.
   */
  private static boolean isTooLate(String deadline) {
    return deadline.matches("\\d{1,18}") && System.currentTimeMillis() > Long.parseLong(deadline);
  }

  private void fail(HttpExchange exchange, int status, ErrorCode code, String message)
      throws IOException {
    json(exchange, status, Map.of("code", code.code(), "message", message));
  }

  private void json(HttpExchange exchange, int status, Map<String, Object> fields)
      throws IOException {
    send(exchange, status, "application/json", mapper.writeValueAsString(fields) + "\n");
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
