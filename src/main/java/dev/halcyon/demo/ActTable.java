package dev.halcyon.demo;

import dev.halcyon.progress.Event;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The acts of a demonstration in their order, their sums, and how they are shown. */
record ActTable(List<Event.ActFinished> acts) {
  ActTable {
    acts = List.copyOf(acts);
  }

  long statements() {
    return acts.stream().mapToLong(Event.ActFinished::statements).sum();
  }

  long failed() {
    return acts.stream().mapToLong(Event.ActFinished::failed).sum();
  }

  long mismatches() {
    return acts.stream().mapToLong(Event.ActFinished::mismatches).sum();
  }

  long deadlocksRetried() {
    return acts.stream().mapToLong(Event.ActFinished::deadlocksRetried).sum();
  }

  /** The longest that a client has waited for a statement. */
  Duration longestStall() {
    return acts.stream()
        .map(Event.ActFinished::longestStall)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** For programs: figures of each act by its name. */
  Map<String, Object> phases() {
    var phases = new LinkedHashMap<String, Object>();
    acts.forEach(act -> phases.put(act.act(), fields(act)));
    return phases;
  }

  /** For people: a line for each act. */
  String text() {
    var text = new StringBuilder();
    text.append(
        row("act", "took", "statements", "a second", "failed", "mismatches", "deadlocks", "stall"));
    for (var act : acts) {
      text.append(
          row(
              act.act(),
              Figures.duration(act.took()),
              Figures.count(act.statements()),
              Figures.count(act.perSecond()),
              Figures.count(act.failed()),
              Figures.count(act.mismatches()),
              Figures.count(act.deadlocksRetried()),
              Figures.duration(act.longestStall())));
    }
    return text.toString();
  }

  private static String row(String act, String... figures) {
    var row = new StringBuilder(String.format(Locale.ROOT, "%-13s", act));
    for (var figure : figures) {
      row.append(String.format(Locale.ROOT, "%12s", figure));
    }
    return row.append('\n').toString();
  }

  private static Map<String, Object> fields(Event.ActFinished act) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ms", act.took().toMillis());
    fields.put("statements", act.statements());
    fields.put("perSecond", act.perSecond());
    fields.put("failed", act.failed());
    fields.put("mismatches", act.mismatches());
    fields.put("deadlocksRetried", act.deadlocksRetried());
    fields.put("longestStallMs", act.longestStall().toMillis());
    return fields;
  }
}
