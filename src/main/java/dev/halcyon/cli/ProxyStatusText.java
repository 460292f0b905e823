package dev.halcyon.cli;

import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What a proxy says of itself, for people. */
final class ProxyStatusText {
  private ProxyStatusText() {}

  static String of(JsonNode status) {
    var text = new StringBuilder();
    text.append("clients go to ").append(status.path("server").asString());
    if (status.path("held").asBoolean()) {
      text.append("; held for ").append(time(status.path("heldForMs")));
      boolean gathering = status.path("gathering").asBoolean();
      var before = gathering ? ", gathering" : ", not drained";
      text.append(status.path("drained").asBoolean() ? ", drained" : before);
    }
    text.append('\n');
    String reason = status.path("reason").asString("");
    if (status.path("leaseOver").asBoolean()) {
      text.append("the lease of the hold has ended; still held");
      text.append(reason.isEmpty() ? "" : ", because " + reason).append('\n');
    }
    var sessions = list(status.path("sessions"));
    text.append(Figures.count(sessions.size(), "session"));
    text.append(", ").append(status.path("stragglers").asInt()).append(" not at a boundary");
    text.append(", ").append(status.path("waiting").asInt()).append(" waiting to come in\n");
    var rows = new ArrayList<List<String>>();
    sessions.forEach(session -> rows.add(row(session)));
    return text.append(rows.isEmpty() ? "" : Columns.of(rows)).toString();
  }

  /** A line for each session that is not at a boundary. */
  static List<String> stragglers(JsonNode status) {
    return list(status.path("sessions")).stream()
        .filter(session -> !session.path("atBoundary").asBoolean())
        .map(session -> String.join(" ", row(session)))
        .toList();
  }

  private static List<String> row(JsonNode session) {
    return List.of(
        session.path("id").asString(),
        session.path("client").asString(),
        session.path("user").asString(),
        session.path("schema").asString(),
        session.path("server").asString(),
        state(session));
  }

  private static String state(JsonNode session) {
    var words =
        list(session.path("hindrances")).stream()
            .map(one -> one.path("words").asString() + age(one, session))
            .collect(Collectors.joining("; "));
    if (words.isEmpty()) {
      words = "at a boundary";
    }
    return words + (session.path("parked").asBoolean() ? ", a command waits" : "");
  }

  private static String age(JsonNode hindrance, JsonNode session) {
    return switch (hindrance.path("name").asString()) {
      case "COMMAND" -> " (" + time(session.path("inCommandMs")) + ")";
      case "TRANSACTION" -> " (" + time(session.path("inTransactionMs")) + ")";
      default -> "";
    };
  }

  private static String time(JsonNode millis) {
    return Figures.duration(Duration.ofMillis(Math.round(millis.asDouble())));
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
