package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Figures;
import dev.halcyon.verify.VerifyReport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Rows that differ, in words that name them. */
final class VerifyFindings {
  private VerifyFindings() {}

  /** One finding for each kind of fault that rows have. */
  static List<Finding> of(ChangePhase at, Step.Verify step, VerifyReport report) {
    return report.found().stream()
        .filter(found -> found.rows() > 0)
        .map(
            found ->
                Finding.error(
                    step.code(),
                    null,
                    "%s: %s of %s: %s (%s), %s %s"
                        .formatted(
                            at.version(),
                            rows(step, found, report),
                            report.table(),
                            found.meaning(),
                            found.kind(),
                            String.join(", ", report.key()),
                            keys(found)),
                    remedy(at)))
        .toList();
  }

  /** A check of the data may look at those rows only that are at fault. */
  private static String rows(Step.Verify step, VerifyReport.Found found, VerifyReport report) {
    return code(step) == ErrorCode.MISMATCH
        ? found.rows() + " of " + Figures.count(report.rows(), "row")
        : Figures.count(found.rows(), "row");
  }

  private static String remedy(ChangePhase at) {
    var mend =
        switch (at.phase()) {
          case EXPAND -> "Nothing has been changed. Mend these rows or the file";
          case VERIFY, CONTRACT -> "Mend these rows";
          case ROLLBACK -> "Keep these rows elsewhere, or give them up with --discard";
        };
    return mend + ", then \"" + at.command() + "\".";
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
