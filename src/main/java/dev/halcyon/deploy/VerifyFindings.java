package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import dev.halcyon.plan.Step;
import dev.halcyon.verify.VerifyReport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Rows that differ, in words that name them. */
final class VerifyFindings {
  private VerifyFindings() {}

  /** One finding for each kind of fault that rows have. */
  static List<Finding> of(Version version, Step.Verify step, VerifyReport report) {
    return report.found().stream()
        .filter(found -> found.rows() > 0)
        .map(
            found ->
                Finding.error(
                    step.code(),
                    null,
                    "%s: %d of %d rows of %s: %s (%s), %s %s"
                        .formatted(
                            version,
                            found.rows(),
                            report.rows(),
                            report.table(),
                            found.meaning(),
                            found.kind(),
                            String.join(", ", report.key()),
                            keys(found)),
                    "Mend these rows, then \"halcyon verify " + version + "\"."))
        .toList();
  }

  static String words(List<Finding> findings) {
    return findings.stream().map(Finding::message).collect(Collectors.joining("; "));
  }

  /** The error that a step's rows are reported under. */
  static ErrorCode code(Step.Verify step) {
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.code().equals(step.code()))
        .findFirst()
        .orElse(ErrorCode.MISMATCH);
  }

  private static String keys(VerifyReport.Found found) {
    var shown =
        found.keys().stream()
            .map(key -> key.size() == 1 ? key.getFirst() : "(" + String.join(", ", key) + ")")
            .collect(Collectors.joining(", "));
    return found.rows() > found.keys().size() ? shown + ", …" : shown;
  }
}
