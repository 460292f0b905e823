package dev.halcyon.proxy.control;

import dev.halcyon.proxy.Boundary;
import dev.halcyon.proxy.Hindrance;
import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Move;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.Traffic.Status;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The proxy's answers as JSON, and back. Times are milliseconds, to the nanosecond. */
final class TrafficJson {
  private static final double NANOS_PER_MILLI = 1e6;

  private TrafficJson() {}

  static Map<String, Object> status(Status status) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("server", status.server());
    fields.put("held", status.held());
    fields.put("heldForMs", millis(status.heldFor()));
    fields.put("allHeldForMs", millis(status.allHeldFor()));
    fields.put("gathering", status.gathering());
    fields.put("leaseOver", status.leaseOver());
    fields.put("drained", status.drained());
    fields.put("entering", status.entering());
    fields.put("waiting", status.waiting());
    fields.put("stragglers", status.stragglers().size());
    fields.put("sessions", status.sessions().stream().map(TrafficJson::session).toList());
    return fields;
  }

  static Status status(JsonNode json) {
    return new Status(
        json.path("server").asString(),
        json.path("held").asBoolean(),
        time(json.path("heldForMs")),
        time(json.path("allHeldForMs")),
        json.path("gathering").asBoolean(),
        json.path("leaseOver").asBoolean(),
        json.path("entering").asInt(),
        json.path("waiting").asInt(),
        list(json.path("sessions")).stream().map(TrafficJson::session).toList());
  }

  static Map<String, Object> moves(Moves moves) {
    return Map.of(
        "complete",
        moves.complete(),
        "obstacle",
        moves.obstacle(),
        "sessions",
        moves.sessions().stream()
            .map(
                move ->
                    Map.of(
                        "id", move.connectionId(),
                        "client", move.client(),
                        "user", move.user(),
                        "fate", move.fate().name(),
                        "reason", move.reason()))
            .toList());
  }

  static Moves moves(JsonNode json) {
    return new Moves(
        json.path("complete").asBoolean(),
        list(json.path("sessions")).stream()
            .map(
                move ->
                    new Move(
                        move.path("id").asLong(),
                        move.path("client").asString(),
                        move.path("user").asString(),
                        Fate.valueOf(move.path("fate").asString()),
                        move.path("reason").asString()))
            .toList(),
        json.path("obstacle").asString());
  }

  private static Map<String, Object> session(SessionStatus session) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("id", session.connectionId());
    fields.put("client", session.client());
    fields.put("user", session.user());
    fields.put("schema", session.schema());
    fields.put("server", session.server());
    fields.put("parked", session.parked());
    fields.put("atBoundary", session.boundary().reached());
    fields.put(
        "hindrances",
        session.boundary().hindrances().stream()
            .sorted()
            .map(one -> Map.of("name", one.name(), "words", one.words()))
            .toList());
    fields.put("inCommandMs", millis(session.boundary().inCommand()));
    fields.put("inTransactionMs", millis(session.boundary().inTransaction()));
    return fields;
  }

  private static SessionStatus session(JsonNode json) {
    var hindrances = EnumSet.noneOf(Hindrance.class);
    for (var hindrance : list(json.path("hindrances"))) {
      hindrances.add(Hindrance.valueOf(hindrance.path("name").asString()));
    }
    return new SessionStatus(
        json.path("id").asLong(),
        json.path("client").asString(),
        json.path("user").asString(),
        json.path("schema").asString(),
        json.path("server").asString(),
        new Boundary(
            hindrances, time(json.path("inCommandMs")), time(json.path("inTransactionMs"))),
        json.path("parked").asBoolean());
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static double millis(Duration time) {
    return time.toNanos() / NANOS_PER_MILLI;
  }

  private static Duration time(JsonNode millis) {
    return Duration.ofNanos(Math.round(millis.asDouble() * NANOS_PER_MILLI));
  }
}
