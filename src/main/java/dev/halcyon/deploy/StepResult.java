package dev.halcyon.deploy;

import dev.halcyon.model.Finding;
import java.util.List;

/**
 * What became of a step that did not fail.
 *
 * @param skipped whether the schema showed that it was already true
 * @param rows walked or changed, 0 when the step has no rows to count
 * @param findings rows that differ
 */
record StepResult(boolean skipped, long rows, List<Finding> findings) {
  StepResult {
    findings = List.copyOf(findings);
  }

  static StepResult done(long rows) {
    return new StepResult(false, rows, List.of());
  }
}
