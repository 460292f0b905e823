package dev.halcyon.deploy;

import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import java.util.List;

/**
 * How a command ended that was neither refused nor failed.
 *
 * @param message one line for people
 * @param findings mismatches, and what is worth knowing
 * @param changes the changes that were worked on, in that order
 */
public record Outcome(
    ExitStatus status, String message, List<Finding> findings, List<Change> changes) {

  /** Where one change stands now. */
  public record Change(Version version, String description, ChangeState state) {}

  public Outcome {
    findings = List.copyOf(findings);
    changes = List.copyOf(changes);
  }
}
