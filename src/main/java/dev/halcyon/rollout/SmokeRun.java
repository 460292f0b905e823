package dev.halcyon.rollout;

import dev.halcyon.balancer.ShellCommand;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a version the questions whose answers are known. For one thread. */
final class SmokeRun implements AutoCloseable {
  private static final int SHOWN = 200;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final JsonMapper json = new JsonMapper();
  private final ShellCommand shell;

  SmokeRun(ShellCommand shell) {
    this.shell = shell;
  }

  /**
   * Why a test fails, empty when it passes.
   *
   * @param base where the version answers; requests need it
   */
  Optional<String> failure(SmokeTest test, @Nullable URI base) {
    return switch (test) {
      case SmokeTest.Http http -> failure(http, Objects.requireNonNull(base));
      case SmokeTest.Command command -> {
        var end =
            shell.run(
                command.line(),
                base == null ? Map.of() : Map.of("HALCYON_URL", base.toString()),
                command.timeout());
        yield end.good()
            ? Optional.empty()
            : Optional.of("it ends with " + end.words(command.timeout()));
      }
    };
  }

  /** Whether a GET is answered with 200. */
  Optional<String> unready(URI url, Duration timeout) {
    var test =
        new SmokeTest.Http(
            "ready",
            "GET",
            "",
            Map.of(),
            null,
            new SmokeTest.Expected(200, Map.of(), Map.of(), List.of()),
            timeout);
    return failure(test, url);
  }

  private Optional<String> failure(SmokeTest.Http test, URI base) {
    String body = test.body();
    var request =
        HttpRequest.newBuilder(URI.create(base.toString().replaceFirst("/$", "") + test.path()))
            .timeout(test.timeout())
            .method(
                test.method(),
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    test.headers().forEach(request::header);
    try {
      return failure(
          test.expected(), client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (HttpTimeoutException late) {
      return Optional.of("no answer within " + test.timeout().toMillis() + " ms");
    } catch (ConnectException refused) {
      return Optional.of("nobody listens at " + base);
    } catch (IOException failure) {
      return Optional.of("the connection failed: " + failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during a smoke test", interruption);
    }
  }

  private Optional<String> failure(SmokeTest.Expected expected, HttpResponse<String> answer) {
    var wrong = new ArrayList<String>();
    if (answer.statusCode() != expected.status()) {
      wrong.add("status " + answer.statusCode() + ", not " + expected.status());
    }
    expected
        .headers()
        .forEach(
            (name, value) -> {
              String found = answer.headers().firstValue(name).orElse(null);
              if (found == null || !(value.equals(SmokeTest.Expected.ANY) || value.equals(found))) {
                wrong.add("header " + name + " is " + found + ", not " + value);
              }
            });
    expected.texts().stream()
        .filter(text -> !answer.body().contains(text))
        .forEach(text -> wrong.add("\"" + text + "\" is not in the answer"));
    if (!expected.json().isEmpty()) {
      wrong.addAll(wrongJson(expected.json(), answer.body()));
    }
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join("; ", wrong) + "; it answered: " + shown(answer.body()));
  }

  private List<String> wrongJson(Map<String, String> expected, String body) {
    JsonNode tree;
    try {
      tree = json.readTree(body);
    } catch (JacksonException malformed) {
      return List.of("the answer is not JSON");
    }
    var wrong = new ArrayList<String>();
    expected.forEach(
        (path, value) -> {
          JsonNode found = tree.at(JsonPath.parse(path).orElseThrow());
          boolean there = !found.isMissingNode();
          String text = found.isValueNode() ? found.asString() : found.toString();
          if (!there || !(value.equals(SmokeTest.Expected.ANY) || value.equals(text))) {
            wrong.add(path + " is " + (there ? text : "not there") + ", not " + value);
          }
        });
    return wrong;
  }

  private static String shown(String body) {
    String line = body.strip().replaceAll("\\s+", " ");
    return line.length() > SHOWN
        ? line.substring(0, SHOWN) + "…"
        : line.isEmpty() ? "nothing" : line;
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
