package dev.halcyon.rollout;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import java.util.List;

/**
 * The changes of the schema that a release needs, as the commands of the same names take them
 * through their phases. Each takes the lease itself.
 */
public interface SchemaPhases {
  /** What stands against the changes, and what is worth knowing. */
  List<Finding> lint();

  /** New shape and verify; whatever of it is done already counts as done. */
  Result expand();

  /** The old shape goes. */
  Result contract(List<Version> changes);

  /**
   * How a phase ended.
   *
   * @param changes all that the release rests on
   */
  record Result(ExitStatus status, String message, List<Finding> findings, List<Version> changes) {
    public Result {
      findings = List.copyOf(findings);
      changes = List.copyOf(changes);
    }
  }
}
