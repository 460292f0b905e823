package dev.halcyon.cli;

import dev.halcyon.lint.report.GithubReport;
import dev.halcyon.lint.report.GitlabReport;
import dev.halcyon.lint.report.JsonReport;
import dev.halcyon.lint.report.JunitReport;
import dev.halcyon.lint.report.Report;
import dev.halcyon.lint.report.SarifReport;
import dev.halcyon.lint.report.TextReport;
import java.util.Arrays;
import java.util.Locale;

/** The forms that {@code halcyon lint} prints. */
enum LintFormat {
  TEXT,
  JSON,
  SARIF,
  GITHUB,
  GITLAB,
  JUNIT;

  String of(Report report) {
    return switch (this) {
      case TEXT -> TextReport.of(report) + report.summary() + "\n";
      case JSON -> JsonReport.of(report);
      case SARIF -> SarifReport.of(report, ProgramVersion.line().replaceFirst("^halcyon ", ""));
      case GITHUB -> GithubReport.of(report);
      case GITLAB -> GitlabReport.of(report);
      case JUNIT -> JunitReport.of(report);
    };
  }

  /**
   * @throws IllegalArgumentException with the names that there are
   */
  static LintFormat parse(String name) {
    return Arrays.stream(values())
        .filter(f -> f.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"" + name + "\" is none of " + Arrays.toString(values())));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
