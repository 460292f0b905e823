package dev.halcyon.cli;

import dev.halcyon.lint.report.Report;
import dev.halcyon.lint.report.TextReport;
import java.util.Arrays;
import java.util.Locale;

/** The forms that {@code halcyon lint} prints. */
enum LintFormat {
  TEXT;

  String of(Report report) {
    return switch (this) {
      case TEXT -> TextReport.of(report) + report.summary() + "\n";
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
