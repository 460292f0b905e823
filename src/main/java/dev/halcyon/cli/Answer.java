package dev.halcyon.cli;

import dev.halcyon.deploy.Outcome;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a command ended.
 *
 * @param text what was asked for, for people, on standard output; may be empty
 * @param complaint what stands against it, for people, on standard error; may be empty
 * @param fields all of it for programs, in order; strings, numbers, booleans, lists and maps of
 *     them
 */
record Answer(ExitStatus status, String text, String complaint, Map<String, Object> fields) {
  Answer {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  static Answer done(String text, Map<String, Object> fields) {
    return new Answer(ExitStatus.DONE, text, "", fields);
  }

  static Answer findings(ExitStatus status, List<Finding> findings) {
    return new Answer(
        status, "", FindingText.of(findings), Map.of("findings", FindingText.fields(findings)));
  }

  /** What a run has come to. */
  static Answer of(Outcome outcome) {
    var text = new StringBuilder(outcome.message()).append('\n');
    for (Outcome.Change change : outcome.changes()) {
      text.append("  ").append(change.version()).append(' ').append(change.description());
      text.append(": ").append(change.state().label()).append('\n');
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("message", outcome.message());
    fields.put(
        "changes",
        outcome.changes().stream()
            .map(
                change ->
                    Map.of(
                        "version", change.version().text(),
                        "description", change.description(),
                        "state", change.state().label()))
            .toList());
    fields.put("findings", FindingText.fields(outcome.findings()));
    return new Answer(
        outcome.status(), text.toString(), FindingText.of(outcome.findings()), fields);
  }
}
