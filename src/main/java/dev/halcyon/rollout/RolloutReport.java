package dev.halcyon.rollout;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import java.util.List;

/**
 * How a release ended that was neither refused nor failed.
 *
 * @param live the name of the version that has the traffic now
 * @param notes what is worth knowing, a line each
 * @param changes what it rests on
 */
public record RolloutReport(
    ExitStatus status,
    String message,
    String live,
    List<String> notes,
    List<Finding> findings,
    List<Version> changes) {
  public RolloutReport {
    notes = List.copyOf(notes);
    findings = List.copyOf(findings);
    changes = List.copyOf(changes);
  }
}
