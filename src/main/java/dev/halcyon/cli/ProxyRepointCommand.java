package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code halcyon proxy repoint}. */
@Command(
    name = "repoint",
    mixinStandardHelpOptions = true,
    description = {
      "Leads all held sessions, with their state, to another server; they go on there at the",
      "release. If some cannot be moved: exit status 1, each is named, and none is moved; with",
      "--policy close-idle those are closed and the others moved."
    })
final class ProxyRepointCommand implements Action {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Parameters(paramLabel = "SERVER", description = "Its name in the proxy's settings.")
  private String server = "";

  @Override
  public Answer act(Invocation invocation) {
    try (var proxy = ProxyConnection.open(invocation)) {
      String policy =
          switch (proxy.access().policy()) {
            case GIVE_UP -> "GIVE_UP";
            case CLOSE_IDLE -> "CLOSE";
          };
      var moves = proxy.post("repoint", Map.of("server", server, "policy", policy), PATIENCE);
      var sessions = StreamSupport.stream(moves.path("sessions").spliterator(), false).toList();
      var exceptions =
          sessions.stream().filter(one -> !one.path("reason").asString().isEmpty()).toList();
      if (!moves.path("complete").asBoolean()) {
        return Answer.findings(ErrorCode.NOT_MOVED.exitStatus(), findings(moves, exceptions));
      }
      var text = new StringBuilder("clients go to " + server + " once they are released\n");
      exceptions.forEach(one -> text.append("  ").append(line(one)).append('\n'));
      return Answer.done(text.toString(), ProxyConnection.fields(moves));
    }
  }

  private List<Finding> findings(JsonNode moves, List<JsonNode> exceptions) {
    if (!exceptions.isEmpty()) {
      return exceptions.stream().map(ProxyRepointCommand::finding).toList();
    }
    String obstacle = moves.path("obstacle").asString();
    var words = obstacle.isEmpty() ? "it was not ready in time" : obstacle;
    return List.of(
        Finding.error(
            ErrorCode.NOT_MOVED.code(),
            null,
            "clients are not led to " + server + ": " + words,
            "Mend that and repoint again, or release."));
  }

  private static Finding finding(JsonNode move) {
    return Finding.error(
        ErrorCode.NOT_MOVED.code(), null, line(move), "Or give --policy close-idle.");
  }

  private static String line(JsonNode move) {
    return "%s %s %s: %s, %s"
        .formatted(
            move.path("id").asString(),
            move.path("client").asString(),
            move.path("user").asString(),
            move.path("fate").asString().toLowerCase(Locale.ROOT),
            move.path("reason").asString());
  }
}
