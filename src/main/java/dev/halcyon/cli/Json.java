package dev.halcyon.cli;

import dev.halcyon.progress.Event;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line: events while a command runs, its outcome at the end. Thread-safe. */
final class Json {
  private final JsonMapper mapper = new JsonMapper();
  private final PrintStream out;

  Json(PrintStream out) {
    this.out = out;
  }

  void event(Event event) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("event", "");
    fields.put("at", Instant.now().toString());
    fields.put("event", describe(event, fields));
    write(fields);
  }

  void outcome(String command, Answer answer) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("event", "outcome");
    fields.put("command", command);
    fields.put("exit", answer.status().code());
    fields.putAll(answer.fields());
    write(fields);
  }

  /** Fills in the event's own fields and gives its name. */
  private static String describe(Event event, Map<String, Object> fields) {
    return switch (event) {
      case Event.PhaseStarted(var version, var phase, var steps) -> {
        fields.put("version", version);
        fields.put("phase", phase);
        fields.put("steps", steps);
        yield "phase-started";
      }
      case Event.PhaseFinished(var version, var phase, var took) -> {
        fields.put("version", version);
        fields.put("phase", phase);
        fields.put("tookMs", took.toMillis());
        yield "phase-finished";
      }
      case Event.StepStarted(var version, var step, var title, var total) -> {
        step(fields, version, step);
        fields.put("title", title);
        fields.put("total", total);
        yield "step-started";
      }
      case Event.StepAdvanced(var version, var step, var done, var total) -> {
        step(fields, version, step);
        fields.put("done", done);
        fields.put("total", total);
        yield "step-advanced";
      }
      case Event.StepFinished(var version, var step, var skipped, var took) -> {
        step(fields, version, step);
        fields.put("skipped", skipped);
        fields.put("tookMs", took.toMillis());
        yield "step-finished";
      }
      case Event.Waiting(var version, var step, var reason) -> {
        step(fields, version, step);
        fields.put("reason", reason);
        yield "waiting";
      }
      case Event.Note(var text) -> {
        fields.put("text", text);
        yield "note";
      }
      case Event.ActStarted(var act, var title) -> {
        fields.put("act", act);
        fields.put("title", title);
        yield "act-started";
      }
      case Event.ActFinished act -> {
        act(fields, act);
        yield "act-finished";
      }
    };
  }

  private static void act(Map<String, Object> fields, Event.ActFinished act) {
    fields.put("act", act.act());
    fields.put("tookMs", act.took().toMillis());
    fields.put("statements", act.statements());
    fields.put("failed", act.failed());
    fields.put("mismatches", act.mismatches());
    fields.put("deadlocksRetried", act.deadlocksRetried());
    fields.put("longestStallMs", act.longestStall().toMillis());
  }

  private static void step(Map<String, Object> fields, String version, String step) {
    fields.put("version", version);
    fields.put("step", step);
  }

  private synchronized void write(Map<String, Object> fields) {
    out.println(mapper.writeValueAsString(fields));
  }
}
