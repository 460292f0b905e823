package dev.halcyon.proxy.control;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a proxy of this host. Thread-safe. */
public final class ControlClient implements AutoCloseable {
  /** On one host; a process that is frozen takes longer. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** When nobody waits for the answer any more, in milliseconds since 1970 by this host's clock. */
  static final String DEADLINE = "Halcyon-Deadline";

  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final String base;
  private final ControlToken token;

  public ControlClient(InetSocketAddress address, ControlToken token) {
    String host = address.getAddress().getHostAddress();
    this.base =
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    this.token = token;
  }

  /** Asks for what changes nothing. */
  public JsonNode get(String path) {
    return json(send(request(path, Duration.ZERO).GET().build()), path);
  }

  /**
   * @param patience that the request itself has
   * @throws Refusal if it was not done, with the proxy's code; HAL-701 if no proxy is there
   * @throws Failure HAL-701 if it did not answer: whether it was done is not known
   */
  public JsonNode post(String path, Map<String, Object> fields, Duration patience) {
    var body = BodyPublishers.ofString(MAPPER.writeValueAsString(fields));
    return json(send(request(path, patience).POST(body).build()), path);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    var limit = patience.plus(ANSWER);
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", token.header())
        .header(DEADLINE, Long.toString(System.currentTimeMillis() + limit.toMillis()))
        .timeout(limit);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (HttpConnectTimeoutException silent) {
      throw lost(request, silent);
    } catch (ConnectException nobody) {
      throw ErrorCode.PROXY_UNREACHABLE.refuse(
          "No proxy answers at " + base + ".", "Start it: halcyon proxy run");
    } catch (IOException lost) {
      throw lost(request, lost);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw lost(request, interruption);
    }
  }

  private Failure lost(HttpRequest request, Exception cause) {
    return new Failure(
        ErrorCode.PROXY_UNREACHABLE,
        "ask the proxy at " + base + " for " + request.uri().getPath(),
        "no answer: " + cause,
        "Whether the proxy has done it is not known. If it held clients, it decides by itself"
            + " when the lease ends.",
        "halcyon proxy status",
        cause);
  }

  private static JsonNode json(HttpResponse<String> response, String path) {
    JsonNode answer;
    try {
      answer = MAPPER.readTree(response.body());
    } catch (JacksonException failure) {
      throw ErrorCode.PROXY_UNREACHABLE.refuse(
          "What answers to " + path + " is not a proxy of Halcyon.", "");
    }
    if (response.statusCode() == 200) {
      return answer;
    }
    String code = answer.path("code").asString("");
    var known = Stream.of(ErrorCode.values()).filter(one -> one.code().equals(code)).findFirst();
    var error = known.orElse(ErrorCode.INTERNAL);
    throw Refusal.of(
        error.exitStatus(),
        Finding.error(error.code(), null, answer.path("message").asString("no words") + ".", ""));
  }
}
